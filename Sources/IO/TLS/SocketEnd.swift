import COpenSSL
import CShims
import Glibc

// Theory. OpenSSL's own socket end writes with write(2), which kills a process whose client has gone, and it keeps to itself
//         how much a read found. This one sends as everything else here does, and remembers whether the last read
//         emptied the socket: a read that only finds that nothing is there costs as much as one that finds a request.

/// Where a session reads and writes: a socket that is never waited for.
final class SocketEnd {
    private struct State {
        let descriptor: Int32
        var error: Int32 = 0
        var isDrained = false
        var hasEnded = false
    }

    private let state: UnsafeMutablePointer<State>
    /// A session that is given it owns it.
    let handle: OpaquePointer

    init?(_ descriptor: Int32) {
        guard let method = Self.method, let handle = BIO_new(method) else { return nil }
        state = .allocate(capacity: 1)
        state.initialize(to: State(descriptor: descriptor))
        self.handle = handle
        BIO_set_data(handle, state)
        BIO_set_init(handle, 1)
    }

    deinit { state.deallocate() }

    /// What the socket said when it broke; 0 when it did not.
    var error: Int32 { state.pointee.error }
    /// The last read took all that there was.
    var isDrained: Bool { state.pointee.isDrained }
    var hasEnded: Bool { state.pointee.hasEnded }

    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index(), "socket") else { return nil }
        BIO_meth_set_read(method) { bio, buffer, count in SocketEnd.read(bio, buffer, count) }
        BIO_meth_set_write(method) { bio, bytes, count in SocketEnd.write(bio, bytes, count) }
        BIO_meth_set_ctrl(method) { bio, command, _, _ in
            switch command {
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_EOF: SocketEnd.state(of: bio)?.pointee.hasEnded == true ? 1 : 0
            default: 0
            }
        }
        return method
    }()

    private static func state(of bio: OpaquePointer?) -> UnsafeMutablePointer<State>? {
        BIO_get_data(bio)?.assumingMemoryBound(to: State.self)
    }

    private static func read(_ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
        BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        guard let state = state(of: bio) else { return -1 }
        let received = shim_receive(state.pointee.descriptor, buffer, Int(count))
        state.pointee.isDrained = received < Int64(count)
        if received > 0 { return Int32(received) }
        if received == 0 {
            state.pointee.hasEnded = true
            return 0
        }
        return fail(bio, state, Int32(-received), BIO_FLAGS_READ)
    }

    private static func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
        BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        guard let state = state(of: bio) else { return -1 }
        let sent = shim_send(state.pointee.descriptor, bytes, Int(count), nil, 0, nil, 0)
        return sent >= 0 ? Int32(sent) : fail(bio, state, Int32(-sent), BIO_FLAGS_WRITE)
    }

    private static func fail(
        _ bio: OpaquePointer?, _ state: UnsafeMutablePointer<State>, _ error: Int32, _ direction: Int32
    ) -> Int32 {
        if error == EAGAIN {
            BIO_set_flags(bio, direction | BIO_FLAGS_SHOULD_RETRY)
        } else {
            state.pointee.error = error
        }
        return -1
    }
}
