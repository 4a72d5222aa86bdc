import Bytes
import Delivery
import EventLoop
import HTTPWire

/// One client's connection: the shell of a server's exchange, whose rules stand there. What is answered, and how it is
/// sent, is in ConnectionAnswering.
final class Connection: Shell {
    let service: ServingLoop
    var transport: Transport
    var id = WatchID.none
    var exchange = ServerExchange()
    var held: [UInt8] = []
    /// While a large body arrives.
    var bodyHash: BodyHash?
    var delivery: DeliveryRunner?
    /// The call that waits for a document.
    var pending: PendingCall?
    /// What comes before HTTP, if anything does.
    var passage: Passage?

    var loop: Loop { service.loop }
    var rules: ServerExchange.Rules { transport.session == nil ? service.rules : service.securedRules }

    static func open(_ socket: Int32, service: ServingLoop, isSecured: Bool = false) {
        let connection = Connection(Transport(socket), service: service)
        do {
            connection.id = try service.loop.add(connection, descriptor: socket)
        } catch {
            return connection.transport.close()
        }
        service.memory.connectionOpened()
        let now = service.loop.now
        if isSecured {
            connection.passage = Passage(.secured)
            connection.obey(connection.exchange.openedToBeSecured(at: now, service.rules), at: now)
        } else {
            connection.obey(connection.exchange.opened(at: now, service.rules), at: now)
        }
    }

    private init(_ transport: Transport, service: ServingLoop) {
        self.service = service
        self.transport = transport
    }

    // MARK: The loop calls

    func changed(_ events: Events) {
        if let relay = passage?.relay, relay.isOpen { return relay.relay(events, fromClient: true) }
        if events.contains(.broken) { return obey(exchange.broke(), at: loop.now) }
        if transport.note(events) { drain() }
        if let passage, passage.stage != .open { return secure(passage) }
        if events.contains(.peerEnded) { obey(exchange.clientEnded(), at: loop.now) }
        readOn()
    }

    func takeTurn() {
        if let passage, passage.stage != .open { return secure(passage) }
        if pending != nil { askAgain() }
        readOn()
    }

    func broke(_ failure: Transport.Failure) { obey(exchange.broke(), at: loop.now) }

    // MARK: The machine says

    func obey(_ action: consuming ServerExchange.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>) {
        switch consume action {
        case .goOn: hashOnTheWay()
        case .wait(let until):
            loop.setDeadline(until, for: id)
            hashOnTheWay()
        case .sendContinue(let until): sendContinue(until: until)
        case .answer(let request): receive(request, arrived: now, hasMore: !rest.isEmpty)
        case .refuse(let refusal, let head): refuse(refusal, head, rest, arrived: now)
        case .proceed: proceed()
        case .lookForClient: obey(exchange.clientWasLookedFor(isThere: transport.hasPeer), at: now)
        case .finish(let until): finish(until: until)
        case .close: close()
        case .reset:
            release()
            transport.reset()
        }
    }

    private func sendContinue(until: Int64) {
        var head: [UInt8] = []
        head.append(ResponseWriter.continueHead)
        guard case .all = send(head) else { return giveUp() }
        loop.setDeadline(until, for: id)
    }

    private func finish(until: Int64) {
        transport.finish()
        held = []
        loop.setDeadline(until, for: id)
        // What has arrived already is told by no further event.
        loop.takeTurnLater(id)
    }

    /// Whatever still runs here was ended by the client, or has to be taken for that.
    private func close() {
        if let delivery { end(delivery, delivery.isHanging ? .hung : .clientClosed, at: loop.now) }
        if pending != nil { service.inFlight -= 1 }
        passage?.relay?.clientClosed()
        release()
        transport.close()
    }

    func release() {
        service.memory.connectionClosed()
        loop.remove(id)
        held = []
        bodyHash = nil
        pending = nil
        passage = nil
    }

    func giveUp() { obey(exchange.failed(), at: loop.now) }

    // MARK: Sending

    func send(_ bytes: [UInt8]) -> Transport.Sent { transport.send(bytes) }
    func send(_ pieces: Pieces) -> Transport.Sent { transport.send(pieces) }

    /// The socket has room again.
    private func drain() {
        let sent = transport.drain()
        let now = loop.now
        switch sent {
        case .broken: obey(exchange.failed(), at: now)
        case .some(let count):
            delivery?.note(sent: count, at: now, isAll: false)
            if count > 0 { obey(exchange.answerMoved(at: now, rules), at: now) }
        case .all(let count):
            delivery?.note(sent: count, at: now, isAll: true)
            obey(exchange.answerFlowed(), at: now)
        }
    }
}
