import Bytes

/// The heads that came last. A program on a kept connection often sends the same head again, and comparing one costs a
/// tenth of reading it. What the same bytes mean does not change, so nothing else has to be looked at.
package struct LatestHeads: Sendable {
    private struct Entry {
        var request = Request.none
        var bodyCount = 0
    }

    private static let count = 8
    private var entries = [Entry](repeating: Entry(), count: count)

    package init() {}

    /// The request that stands whole at `start`, when its head is one of those, and where the bytes behind it begin.
    func request(in bytes: Span<UInt8>, from start: Int) -> (request: Request, next: Int)? {
        let place = Self.place(bytes.count - start)
        let headEnd = start + entries[place].request.head.count
        let content = headEnd + 2
        let end = content + entries[place].bodyCount
        guard headEnd > start, end <= bytes.count,
            Self.stands(entries[place].request.head, in: bytes.extracting(start..<content))
        else { return nil }
        var request = entries[place].request
        request.body = copied(bytes.extracting(content..<end))
        return (request, end)
    }

    /// Keeps the head of a request that stood whole in these bytes.
    mutating func note(_ request: borrowing Request, in bytes: Span<UInt8>, from start: Int, to end: Int) {
        // Otherwise its content came in chunks.
        guard end - start == request.head.count + 2 + request.body.count else { return }
        let place = Self.place(bytes.count - start)
        entries[place] = Entry(request: copy request, bodyCount: request.body.count)
        entries[place].request.body = []
    }

    /// A head, and the empty line behind it.
    private static func stands(_ head: borrowing [UInt8], in bytes: Span<UInt8>) -> Bool {
        let end = bytes.count - 2
        return bytes[end] == 0x0D && bytes[end + 1] == 0x0A && ByteSearch.equal(bytes.extracting(..<end), head.span)
    }

    /// By how much came at once: programs that differ mostly differ in that.
    private static func place(_ count: Int) -> Int { count & (Self.count - 1) }
}
