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

    /// Hands what has not left to `take`, which says how much of it has now: all of it, until `take` takes no more or
    /// fails with a negative number. Returns how much left this time, or that number.
    mutating func leave(
        through take: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int
    ) -> Int {
        var total = 0
        while !isDone {
            let count = lend(to: take)
            if count <= 0 { return count < 0 ? count : total }
            sent += count
            total += count
        }
        return total
    }

    private func lend(
        to take: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int
    ) -> Int {
        let beyondFirst = max(0, sent - first.count)
        return first.withUnsafeBytes { first in
            second.withUnsafeBytes { second in
                third.withUnsafeBytes { third in
                    take(
                        Self.rest(first, after: sent), Self.rest(second, after: beyondFirst),
                        Self.rest(third, after: beyondFirst - second.count))
                }
            }
        }
    }

    private static func rest(_ bytes: UnsafeRawBufferPointer, after count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[min(max(0, count), bytes.count)...])
    }
}
