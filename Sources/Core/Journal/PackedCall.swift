import Delivery

/// A call as the journal in memory keeps it: a few hundred bytes of a page, and what it shares with calls before it only
/// once. A `Call` of an ordinary request takes three kilobytes in twenty allocations.
struct PackedCall {
    let number: Int
    /// Of a stream, shared with its script.
    private let frames: [FrameScript.Frame]
    private let page: Page
    private let start: UInt32
    private let count: UInt32
    var ending: Report?

    /// The writer is the log's one writer: it knows the calls that were there before.
    init(_ call: borrowing Call, _ writer: inout PackWriter) {
        writer.begin()
        writer.writeSummary(of: call)
        writer.writeDetails(of: call)
        let (page, range) = writer.put()
        self.init(call.number, call.reply?.frames?.script.frames ?? [], page, range, call.ending)
    }

    private init(_ number: Int, _ frames: [FrameScript.Frame], _ page: Page, _ range: Range<Int>, _ ending: Report?) {
        self.number = number
        self.frames = frames
        self.page = page
        start = UInt32(range.lowerBound)
        count = UInt32(range.count)
        self.ending = ending
    }

    /// No call at all.
    static func none(on page: Page) -> PackedCall { PackedCall(.max, [], page, 0..<0, nil) }

    /// What it keeps in memory, about.
    var size: Int { MemoryLayout<PackedCall>.stride + Int(count) + (ending?.frames.byteCount ?? 0) }

    func call() -> Call {
        var reader = PackReader(page, at: Int(start))
        var call = reader.summary(number: number)
        reader.readDetails(into: &call, frames: frames)
        call.ending = ending
        return call
    }

    /// The call without its request and the content of its reply: what queries ask for.
    func summary() -> Call {
        var reader = PackReader(page, at: Int(start))
        var call = reader.summary(number: number)
        call.ending = ending
        return call
    }
}
