import CShims
import Delivery
import EventLoop
import Glibc
import HTTPWire

// Rules.  A connection answers its requests in order: while one is being answered nothing more is read, so that a client
//         that sends faster than it reads is held back by its own socket. Reading begins in the loop's callbacks only,
//         never inside another connection's: they share the buffer that is read into.
// Theory. Edge-triggered readiness is told once, so it is remembered in `mayRead` until a read finds nothing more. One
//         deadline serves all phases, as only one thing is waited for at a time.
// Table.  | phase      | deadline                        | readable           | peer ended             | broken |
//         |------------|---------------------------------|--------------------|------------------------|--------|
//         | reading    | idle, head or body time-out     | read, parse        | close                  | close  |
//         | fetching   | the fetcher's                   | remember           | remember               | gone   |
//         | delivering | the step's, or the write stall  | remember           | gone? see PeerWatch    | gone   |
//         | lingering  | quiet, or altogether            | throw away         | close                  | close  |
//         | closed     |                                 |                    |                        |        |

/// One client's connection.
final class Connection: Watcher {
    enum Phase: UInt8 {
        case reading
        /// A verdict needs a document first.
        case fetching
        case delivering
        /// All is said; the client is still sending.
        case lingering
        case closed
    }

    let service: Service
    let socket: Int32
    var id = WatchID.none
    var phase = Phase.reading
    var mayRead = false
    var peerEnded = false
    /// Part of a request has arrived: the head or body time-out holds instead of the idle one.
    var isMidRequest = false
    /// The large body that arrives needs no hash.
    var hashesNothing = false
    /// While part of a request has been read, and once nothing more will be.
    var midway: MidwayParser?
    /// Bytes that came with an earlier request, while it is being answered.
    var unread: [UInt8] = []
    var bodyHash: BodyHash?
    var backlog: Backlog?
    var delivery: DeliveryRunner?
    /// The call that waits for a document.
    var pending: PendingCall?

    static func open(_ socket: Int32, service: Service) {
        let connection = Connection(socket, service: service)
        do {
            connection.id = try service.loop.add(connection, descriptor: socket)
            connection.setDeadline(after: service.settings.timeouts.idle)
        } catch {
            shim_close(socket)
        }
    }

    private init(_ socket: Int32, service: Service) {
        self.service = service
        self.socket = socket
    }

    // MARK: The loop calls

    func changed(_ events: Events) {
        if events.contains(.broken) {
            // A call that waits for a document still gets its entry: the answer will find the client gone.
            if phase != .fetching { vanish() }
            return
        }
        if events.contains(.readable) { mayRead = true }
        if events.contains(.peerEnded) { (peerEnded, mayRead) = (true, true) }
        if events.contains(.writable), backlog != nil { drainBacklog() }
        if events.contains(.peerEnded), phase == .delivering { checkPeer() }
        goOn()
    }

    func deadlinePassed() {
        switch phase {
        case .reading: timeOut()
        case .delivering:
            if backlog != nil { return vanish() }
            checkPeer()
            if phase == .delivering { proceed() }
        case .lingering: close()
        case .fetching, .closed: break
        }
        goOn()
    }

    func takeTurn() {
        if phase == .fetching { askAgain() }
        goOn()
    }

    /// Reads when it is time to read.
    private func goOn() {
        switch phase {
        case .reading: readOn()
        case .lingering: discardInput()
        case .fetching, .delivering, .closed: break
        }
    }

    func setDeadline(after interval: Int64) {
        service.loop.setDeadline(service.loop.now &+ interval, for: id)
    }

    // MARK: Ending

    /// The client is gone, or has to be taken for gone.
    func vanish() {
        if let delivery { end(delivery, delivery.isHanging ? .hung : .clientClosed, at: service.loop.now) }
        if pending != nil { service.inFlight -= 1 }
        close()
    }

    /// The server is going: what is being sent stops here, without an end that would make it look complete.
    func endNow() {
        if let delivery { end(delivery, delivery.isHanging ? .hung : .closed, at: service.loop.now) }
        close()
    }

    /// The session that is being answered in was stopped: FIN at once, a chunked body without its last chunk.
    func endWithSession() {
        guard phase == .delivering, let delivery else { return }
        end(delivery, delivery.isHanging ? .hung : .sessionStopped, at: service.loop.now)
        backlog = nil
        linger(isOver: false)
    }

    func close() {
        guard phase != .closed else { return }
        release()
        shim_close(socket)
    }

    func reset() {
        guard phase != .closed else { return }
        release()
        shim_reset(socket)
    }

    private func release() {
        phase = .closed
        service.loop.remove(id)
        backlog = nil
        bodyHash = nil
        unread = []
        pending = nil
    }

    /// FIN, and a while for the client to stop sending. RFC 9112 9.6: a server that closes at once while the client still
    /// sends makes the kernel answer with RST, which "might erase the client's unacknowledged input buffers before they
    /// can be read": the client would never see the answer.
    /// Only a client that has said all and heard all, as `isOver` says, needs no such care.
    func linger(isOver: Bool) {
        guard !isOver || mayRead || !unread.isEmpty else { return close() }
        shim_finish_writing(socket)
        phase = .lingering
        unread = []
        lingerLimit = service.loop.now &+ service.settings.timeouts.linger
        setDeadline(after: service.settings.timeouts.lingerQuiet)
        // What has arrived already is told by no further event.
        service.loop.takeTurnLater(id)
    }
    private var lingerLimit: Int64 = 0

    private func discardInput() {
        for _ in 0..<16 {
            let count = shim_receive(socket, service.input.baseAddress, service.input.count)
            if count == -Int64(EAGAIN) { return }
            guard count > 0, service.loop.now < lingerLimit else { return close() }
            setDeadline(after: service.settings.timeouts.lingerQuiet)
        }
        service.loop.takeTurnLater(id)
    }
}
