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
