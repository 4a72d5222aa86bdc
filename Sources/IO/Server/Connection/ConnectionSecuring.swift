import CShims
import EventLoop
import Glibc
import HTTPWire
import TLS

// How a connection is secured before HTTP is spoken on it. A client that speaks plain HTTP at the port for TLS is not left
// with an alert that it cannot read, and in a tunnel either may be spoken.

extension Connection {
    /// The socket may bring the beginning of TLS further.
    func secure(_ passage: Passage) {
        if passage.stage == .looking { look(passage) }
        if passage.stage == .shakingHands { shakeHands(passage) }
        guard passage.stage == .open, !exchange.isOver else { return }
        if passage.door == .secured, !passage.isWrongDoor { self.passage = nil }
        obey(exchange.opened(at: loop.now, rules), at: loop.now)
        readOn()
    }

    private func look(_ passage: Passage) {
        switch shim_peek(transport.descriptor) {
        case -EAGAIN: return
        case let byte where byte < 0 || byte == SHIM_END: giveUp()
        case let byte where Self.mayBeginHTTP(UInt8(byte)):
            passage.isWrongDoor = passage.door == .secured
            passage.stage = .open
        default: beginSecuring(passage)
        }
    }

    /// RFC 9112 2.2 and 3: a method, or an empty line before it. A TLS record begins with a number below 32.
    private static func mayBeginHTTP(_ byte: UInt8) -> Bool {
        byte == 0x0D || byte == 0x0A || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private func beginSecuring(_ passage: Passage) {
        switch passage.door == .secured ? service.securities.port : service.securities.tunnel() {
        case .success(let security):
            let address = passage.host.isEmpty ? localAddress : passage.host
            guard transport.secure(by: security, at: address) else { return giveUp() }
            passage.stage = .shakingHands
        case .failure(let refusal):
            service.settings.warn(refusal.text)
            giveUp()
        }
    }

    private func shakeHands(_ passage: Passage) {
        switch transport.shakeHands() {
        case nil: passage.stage = .open
        case .nothing: break
        case .broken(.security(let failure)):
            service.securities.note(failure, askedFor: transport.session?.serverName ?? passage.host)
            giveUp()
        case .broken, .end, .bytes: giveUp()
        }
    }

    /// Where the client came in.
    var localAddress: String { Self.text { shim_local_address(transport.descriptor, $0, Int32($1)) } }
    var peerAddress: String { Self.text { shim_peer_address(transport.descriptor, $0, Int32($1)) } }

    private static func text(_ write: (UnsafeMutablePointer<CChar>?, Int) -> Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard write(buffer.baseAddress, buffer.count) == 0, let start = buffer.baseAddress else { return "" }
            return String(cString: start)
        }
    }
}

/// What stands between a socket and the HTTP on it: TLS that has to be begun, or a tunnel. Most connections have none.
final class Passage {
    enum Stage {
        /// Whether the client speaks TLS is told by its first byte.
        case looking
        case shakingHands
        case open
    }

    enum Door {
        /// The port for TLS.
        case secured
        /// What CONNECT opened, to the server itself.
        case tunnel
    }

    let door: Door
    var stage = Stage.looking
    /// The host that a tunnel leads to; empty at a port.
    let host: String
    /// Who the client said it is when it asked for the tunnel.
    let user: [UInt8]
    /// Plain HTTP came where TLS is spoken: it is answered with a sentence.
    var isWrongDoor = false
    /// Takes what comes and goes to another server.
    var relay: Relay?

    init(_ door: Door, host: String = "", user: [UInt8] = []) {
        (self.door, self.host, self.user) = (door, host, user)
    }
}
