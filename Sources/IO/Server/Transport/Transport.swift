import CShims
import EventLoop
import Glibc
import TLS

// Rules.  All that a connection does with its socket goes through here, in either role: receive, send, finish, close,
//         reset. Nothing here ever waits. What the socket does not take is kept, and sent first.
// Theory. Edge-triggered readiness is told once, so it is remembered in `mayReceive` until a receive finds nothing more.
//         Which event makes it worth while to try again is known here alone: TLS, whose session stands beside the
//         descriptor and shakes hands inside the first receive or send, may have to write before it can read on, and to
//         read before it can write. So nobody else looks at `.readable` and `.writable`.
// Table.  |         | plain: worth trying after | with TLS, when the last try said so |
//         |---------|---------------------------|-------------------------------------|
//         | receive | readable                  | writable                            |
//         | send    | writable                  | readable                            |

/// One socket: bytes in, bytes out.
struct Transport {
    enum Received: Equatable {
        case bytes(Int)
        /// Nothing is there yet.
        case nothing
        /// The other side will send nothing more.
        case end
        case broken(Failure)
    }

    /// Why nothing can be received, or sent.
    enum Failure: Equatable {
        case system(SystemError)
        case security(SecureFailure)

        var reason: String {
            switch self {
            case .system(let error): error.reason
            case .security(let failure): failure.text
            }
        }
    }

    /// What came of sending: how many bytes left now.
    enum Sent: Equatable {
        case all(Int)
        /// The rest is in the backlog.
        case some(Int)
        case broken
    }

    let descriptor: Int32
    /// It is worth while to receive.
    private(set) var mayReceive = false
    /// The other side has shut down its writing half, or closed.
    private var hasPeerEnded = false
    private var channel: SecureChannel?
    private var receivingWantsWrite = false
    private var sendingWantsRead = false
    /// What the socket did not take. It exists only while the other side is behind.
    private var backlog: Backlog?

    private final class Backlog {
        var pieces: Pieces

        init(_ pieces: Pieces) { self.pieces = pieces }
    }

    /// An accepted socket.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Begins to connect to an IP address; `connectionFailure` says what came of it once something changed. With
    /// `security`, to whoever can show that he is `host`: what is sent waits until he has.
    init(
        connectingTo address: String, port: UInt16, _ security: ClientSecurity? = nil, host: String = ""
    ) throws(SystemError) {
        let opened = shim_connect(address, port)
        guard opened >= 0 else { throw SystemError(call: "connect", number: -opened) }
        descriptor = opened
        guard let security else { return }
        guard !secure(by: security, to: host) else { return }
        shim_close(opened)
        throw SystemError(call: "SSL_new", number: ENOMEM)
    }

    /// From here on the socket carries TLS, in the client's role. False when there is no memory.
    mutating func secure(by security: ClientSecurity, to host: String) -> Bool {
        channel = security.channel(descriptor, to: host)
        return channel != nil
    }

    /// From here on the socket carries TLS, in the server's role. False when there is no memory.
    mutating func secure(by security: ServerSecurity, at address: String) -> Bool {
        channel = security.channel(descriptor, at: address)
        return channel != nil
    }

    /// The TLS session, if there is one.
    var session: SecureChannel? { channel }

    var connectionFailure: SystemError? {
        let error = shim_socket_error(descriptor)
        return error == 0 ? nil : SystemError(call: "connect", number: error)
    }

    /// Takes note of what the loop told. Returns whether the backlog is worth another try.
    mutating func note(_ events: Events) -> Bool {
        if events.contains(.peerEnded) { hasPeerEnded = true }
        // One by one: a list of them would be an array, made for every call.
        let hasInput = events.contains(.readable) || events.contains(.peerEnded) || events.contains(.broken)
        let hasRoom = events.contains(.writable)
        if hasInput || receivingWantsWrite && hasRoom { mayReceive = true }
        return isBlocked && (hasRoom || sendingWantsRead && hasInput)
    }

    mutating func receive(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Received {
        if let channel { return receive(into: buffer, channel) }
        let count = Int(shim_receive(descriptor, buffer.baseAddress, buffer.count))
        if count > 0 {
            // A short read emptied the socket: whatever comes after it is told anew, but for an end already told.
            if count < buffer.count, !hasPeerEnded { mayReceive = false }
            return .bytes(count)
        }
        if count == -Int(EAGAIN) {
            mayReceive = false
            return .nothing
        }
        return count == 0 ? .end : .broken(.system(SystemError(call: "recv", number: Int32(-count))))
    }

    private mutating func receive(
        into buffer: UnsafeMutableBufferPointer<UInt8>, _ channel: SecureChannel
    ) -> Received {
        receivingWantsWrite = false
        switch channel.receive(into: buffer) {
        case .moved(let count):
            if channel.isDrained, !hasPeerEnded { mayReceive = false }
            return .bytes(count)
        case .wantsRead:
            mayReceive = false
            return .nothing
        case .wantsWrite:
            mayReceive = false
            receivingWantsWrite = true
            return .nothing
        case .ended: return .end
        // Without close_notify: many clients end so, and HTTP's own lengths tell what is whole.
        case .failed(.cutOff) where !channel.isShakingHands: return .end
        case .failed(let failure): return .broken(.security(failure))
        }
    }

    /// Goes on with the TLS handshake, for whoever has nothing to send or receive before it is done. Nil once it is.
    mutating func shakeHands() -> Received? {
        guard let channel, channel.isShakingHands else { return nil }
        receivingWantsWrite = false
        switch channel.shakeHands() {
        // What the client said behind its part of it may have been read with it, and is told by no event.
        case .moved:
            mayReceive = true
            return nil
        case .wantsRead: mayReceive = false
        case .wantsWrite:
            mayReceive = false
            receivingWantsWrite = true
        case .ended: return .end
        case .failed(let failure): return .broken(.security(failure))
        }
        return .nothing
    }

    /// Why TLS failed, if it did: also when it was while sending.
    var failure: Failure? { channel?.failure.map { .security($0) } }

    // MARK: Sending

    /// Sends bytes; nothing of them is copied unless the socket does not take them.
    mutating func send(_ bytes: [UInt8]) -> Sent {
        if channel != nil { return send(Pieces(bytes)) }
        let count = bytes.withUnsafeBytes { Int(shim_send(descriptor, $0.baseAddress, $0.count, nil, 0, nil, 0)) }
        if count == bytes.count { return .all(count) }
        if count < 0, count != -Int(EAGAIN) { return .broken }
        backlog = Backlog(Pieces(Array(bytes[max(0, count)...])))
        return .some(max(0, count))
    }

    mutating func send(_ whole: Pieces) -> Sent {
        var pieces = whole
        let count = leave(&pieces)
        if count < 0 { return .broken }
        if pieces.isDone { return .all(count) }
        backlog = Backlog(pieces)
        return .some(count)
    }

    /// Sends what is left of what was sent.
    mutating func drain() -> Sent {
        guard let backlog else { return .all(0) }
        let count = leave(&backlog.pieces)
        if count < 0 { return .broken }
        guard backlog.pieces.isDone else { return .some(count) }
        self.backlog = nil
        return .all(count)
    }

    private mutating func leave(_ pieces: inout Pieces) -> Int {
        if let channel { return leave(&pieces, channel) }
        return pieces.leave { first, second, third in
            let count = shim_send(
                descriptor, first.baseAddress, first.count, second.baseAddress, second.count, third.baseAddress,
                third.count)
            return count == -Int64(EAGAIN) ? 0 : Int(count)
        }
    }

    private mutating func leave(_ pieces: inout Pieces, _ channel: SecureChannel) -> Int {
        sendingWantsRead = false
        var wantsRead = false
        let count = pieces.leave { first, second, third in
            switch channel.send(first, second, third) {
            case .moved(let count): return count
            case .wantsWrite: return 0
            case .wantsRead:
                wantsRead = true
                return 0
            case .ended, .failed: return -1
            }
        }
        sendingWantsRead = wantsRead
        return count
    }

    var isBlocked: Bool { backlog != nil }
    /// How much was sent and has not left.
    var unsent: Int { backlog?.pieces.remaining ?? 0 }

    // MARK: Ending

    /// Nothing more will be sent, what was not taken included: FIN.
    mutating func finish() {
        backlog = nil
        channel?.finish()
        shim_finish_writing(descriptor)
    }

    mutating func close() {
        backlog = nil
        channel?.finish()
        channel = nil
        shim_close(descriptor)
    }

    /// RST instead of FIN.
    mutating func reset() {
        backlog = nil
        channel = nil
        shim_reset(descriptor)
    }

    /// Whether the other side's socket still has an owner. For a client on this machine the kernel tells `shutdown` from
    /// `close`; any other is taken for gone, as most servers do.
    var hasPeer: Bool { shim_peer_is_owned(descriptor) == 1 }
}
