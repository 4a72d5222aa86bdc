import CShims
import Glibc

/// Up to three byte strings that leave in one system call, and how much of them has left. The middle one is shared with
/// whoever made it: a large body or frame is never copied.
struct Pieces {
    var first: [UInt8]
    var second: [UInt8] = []
    var third: [UInt8] = []
    private(set) var sent = 0

    init(_ first: [UInt8], _ second: [UInt8] = [], _ third: [UInt8] = []) {
        (self.first, self.second, self.third) = (first, second, third)
    }

    var remaining: Int { first.count + second.count + third.count - sent }
    var isDone: Bool { remaining == 0 }

    /// Sends what is left until all is gone or the socket takes no more: what left this time, or a negative error
    /// (`-EAGAIN` never: that is a count).
    mutating func send(to socket: Int32) -> Int64 {
        var total: Int64 = 0
        while !isDone {
            let count = sendOnce(to: socket)
            if count == -Int64(EAGAIN) { return total }
            if count < 0 { return count }
            sent += Int(count)
            total += count
        }
        return total
    }

    private func sendOnce(to socket: Int32) -> Int64 {
        first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                third.withUnsafeBytes { third in
                    let skipped = (
                        min(sent, first.count), min(max(0, sent - first.count), second.count),
                        max(0, sent - first.count - second.count)
                    )
                    return shim_send(
                        socket, Self.address(first, skipped.0), first.count - skipped.0,
                        Self.address(second, skipped.1), second.count - skipped.1,
                        Self.address(third, skipped.2), third.count - skipped.2)
                }
            }
        }
    }

    private static func address(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UnsafeRawPointer? {
        bytes.baseAddress.map { $0 + offset }
    }
}

/// What a full socket did not take. It exists only while a client is behind.
final class Backlog {
    var pieces: Pieces

    init(_ pieces: Pieces) { self.pieces = pieces }
}
