import CShims
import EventLoop
import Glibc

// Rules.  All that a connection does with its socket goes through here, in either role: receive, send, finish, close,
//         reset. Nothing here ever waits. What the socket does not take is kept, and sent first.
// Theory. Edge-triggered readiness is told once, so it is remembered in `mayReceive` until a receive finds nothing more.
//         Which event makes it worth while to try again is known here alone: TLS, whose session will stand beside the
//         descriptor and shake hands inside the first receive or send, may have to write before it can read on, and to
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
        case broken(SystemError)
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
    /// What the socket did not take. It exists only while the other side is behind.
    private var backlog: Backlog?

    private final class Backlog {
        var pieces: Pieces

        init(_ pieces: Pieces) { self.pieces = pieces }
    }

    /// An accepted socket.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Begins to connect to an IP address; `connectionFailure` says what came of it once something changed.
    init(connectingTo address: String, port: UInt16) throws(SystemError) {
        let opened = shim_connect(address, port)
        guard opened >= 0 else { throw SystemError(call: "connect", number: -opened) }
        descriptor = opened
    }

    var connectionFailure: SystemError? {
        let error = shim_socket_error(descriptor)
        return error == 0 ? nil : SystemError(call: "connect", number: error)
    }

    /// Takes note of what the loop told. Returns whether the backlog is worth another try.
    mutating func note(_ events: Events) -> Bool {
        if events.contains(.peerEnded) { hasPeerEnded = true }
        if !events.isDisjoint(with: [.readable, .peerEnded, .broken]) { mayReceive = true }
        return isBlocked && events.contains(.writable)
    }

    mutating func receive(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Received {
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
        return count == 0 ? .end : .broken(SystemError(call: "recv", number: Int32(-count)))
    }

    // MARK: Sending

    /// Sends bytes; nothing of them is copied unless the socket does not take them.
    mutating func send(_ bytes: [UInt8]) -> Sent {
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

    private func leave(_ pieces: inout Pieces) -> Int {
        pieces.leave { first, second, third in
            let count = shim_send(
                descriptor, first.baseAddress, first.count, second.baseAddress, second.count, third.baseAddress,
                third.count)
            return count == -Int64(EAGAIN) ? 0 : Int(count)
        }
    }

    var isBlocked: Bool { backlog != nil }
    /// How much was sent and has not left.
    var unsent: Int { backlog?.pieces.remaining ?? 0 }

    // MARK: Ending

    /// Nothing more will be sent, what was not taken included: FIN.
    mutating func finish() {
        backlog = nil
        shim_finish_writing(descriptor)
    }

    mutating func close() {
        backlog = nil
        shim_close(descriptor)
    }

    /// RST instead of FIN.
    mutating func reset() {
        backlog = nil
        shim_reset(descriptor)
    }

    /// Whether the other side's socket still has an owner. For a client on this machine the kernel tells `shutdown` from
    /// `close`; any other is taken for gone, as most servers do.
    var hasPeer: Bool { shim_peer_is_owned(descriptor) == 1 }
}
