import EventLoop
import Glibc
import HTTPWire
import Pointing

// Rules.  Bytes go both ways as they come. Each side is read only while the other takes what was read, so that no more than
//         one buffer's worth is ever kept; an end is handed on as an end.
// Theory. The client's side is its connection's, which hands its events over; this object watches the other side.

/// A tunnel that a client asked for to another server, when the server was told to pass others on.
final class Relay: Watcher {
    private let client: Connection
    private let request: Request
    private let arrived: Int64
    private let host: String
    private let port: UInt16
    private var addresses: [String] = []
    private var origin: Transport?
    private var id = WatchID.none
    private(set) var isOpen = false
    private var clientHasEnded = false
    private var originHasEnded = false

    private static let connectTimeout: Int64 = 10_000_000_000
    private static let idleTimeout: Int64 = 600_000_000_000

    init(_ client: Connection, _ request: Request, to host: String, _ port: UInt16, arrived: Int64) {
        (self.client, self.request, self.host, self.port, self.arrived) = (client, request, host, port, arrived)
    }

    private var loop: Loop { client.loop }

    func begin() {
        client.service.client.resolver.resolve(host) { [self] result in
            switch result {
            case .success(let addresses):
                self.addresses = addresses
                connectNext(after: "the host has no address")
            case .failure(let nothing): fail(502, "\(host):\(port) cannot be reached: \(nothing.reason).")
            }
        }
    }

    private func connectNext(after failure: String) {
        guard client.passage?.relay === self else { return }
        guard !addresses.isEmpty else { return fail(502, "\(host):\(port) cannot be reached: \(failure).") }
        let address = addresses.removeFirst()
        let refusal = client.service.proxyPolicy.mayPass(
            to: address, port: port, for: client.peerAddress, at: client.localAddress)
        if case .refuse(let status, let message)? = refusal { return fail(status, message) }
        do throws(SystemError) {
            let origin = try Transport(connectingTo: address, port: port)
            self.origin = origin
            id = try loop.add(self, descriptor: origin.descriptor)
            loop.setDeadline(loop.now &+ Self.connectTimeout, for: id)
        } catch {
            dropOrigin()
            connectNext(after: error.reason)
        }
    }

    private func fail(_ status: Int, _ message: String) {
        guard client.passage?.relay === self else { return }
        dropOrigin()
        client.passingFailed(MessageRefusal(status: status, message: message), request, arrived: arrived)
    }

    private func dropOrigin() {
        loop.remove(id)
        id = .none
        origin?.close()
        origin = nil
    }

    // MARK: The loop calls

    func changed(_ events: Events) {
        if isOpen { return relay(events, fromClient: false) }
        if let failure = origin?.connectionFailure {
            dropOrigin()
            return connectNext(after: failure.reason)
        }
        _ = origin?.note(events)
        isOpen = true
        client.sendTunnelHead()
        loop.clearDeadline(of: client.id)
        relay([], fromClient: false)
    }

    func deadlinePassed() {
        if isOpen { return end() }
        dropOrigin()
        connectNext(after: "it does not answer")
    }

    func takeTurn() { relay([], fromClient: false) }

    // MARK: Both ways

    func relay(_ events: Events, fromClient: Bool) {
        guard isOpen, origin != nil else { return }
        if fromClient {
            if client.transport.note(events), client.transport.drain() == .broken { return end() }
        } else if origin?.note(events) == true, origin?.drain() == .broken {
            return end()
        }
        loop.setDeadline(loop.now &+ Self.idleTimeout, for: id)
        guard pumpToOrigin(), pumpToClient() else { return end() }
        if clientHasEnded, originHasEnded, !client.transport.isBlocked, origin?.isBlocked != true { end() }
    }

    private func pumpToOrigin() -> Bool {
        guard var other = origin else { return false }
        defer { origin = other }
        return pump(&client.transport, &other, &clientHasEnded)
    }

    private func pumpToClient() -> Bool {
        guard var other = origin else { return false }
        defer { origin = other }
        return pump(&other, &client.transport, &originHasEnded)
    }

    /// False when either side broke.
    private func pump(_ source: inout Transport, _ sink: inout Transport, _ hasEnded: inout Bool) -> Bool {
        var rounds = 0
        while source.mayReceive, !sink.isBlocked, !hasEnded {
            if rounds == 16 {
                loop.takeTurnLater(id)
                return true
            }
            rounds += 1
            switch source.receive(into: loop.scratch) {
            case .bytes(let count):
                if sink.send(Array(loop.scratch[..<count])) == .broken { return false }
            case .nothing: return true
            case .end:
                hasEnded = true
                sink.finish()
            case .broken: return false
            }
        }
        return true
    }

    private func end() {
        dropOrigin()
        isOpen = false
        client.giveUp()
    }

    /// The client's connection is over.
    func clientClosed() {
        isOpen = false
        dropOrigin()
    }
}
