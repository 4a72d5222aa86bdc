import CShims
import Delivery
import EventLoop
import Glibc

/// What came of sending: how many bytes left now.
enum Sending: Equatable {
    case all(Int)
    /// The rest is in the backlog.
    case some(Int)
    case gone
}

extension Connection {
    /// Sends bytes; what the socket does not take is kept until it does.
    func send(_ bytes: [UInt8]) -> Sending {
        let count = bytes.withUnsafeBytes { shim_send(socket, $0.baseAddress, $0.count, nil, 0, nil, 0) }
        if count == bytes.count { return .all(bytes.count) }
        if count < 0, count != -Int64(EAGAIN) { return .gone }
        backlog = Backlog(Pieces(Array(bytes[max(0, Int(count))...])))
        return .some(max(0, Int(count)))
    }

    func send(_ whole: Pieces) -> Sending {
        var pieces = whole
        let count = pieces.send(to: socket)
        if count < 0 { return .gone }
        if pieces.isDone { return .all(Int(count)) }
        backlog = Backlog(pieces)
        return .some(Int(count))
    }

    /// The socket has room again.
    func drainBacklog() {
        guard let backlog else { return }
        let count = backlog.pieces.send(to: socket)
        if count < 0 { return vanish() }
        let isAll = backlog.pieces.isDone
        delivery?.note(sent: Int(count), at: service.loop.now, isAll: isAll)
        if !isAll {
            if count > 0 { setDeadline(after: service.settings.timeouts.write) }
            return
        }
        self.backlog = nil
        if phase == .delivering { proceed() }
    }
}
