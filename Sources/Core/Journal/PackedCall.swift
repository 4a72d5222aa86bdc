import Delivery

/// A call as the journal in memory keeps it: one string of bytes, and what it shares with calls before it only once.
/// A `Call` of an ordinary request takes three kilobytes in twenty allocations, this a few hundred bytes in one.
struct PackedCall {
    let number: Int
    /// Of a stream, shared with its script.
    private let frames: [FrameScript.Frame]
    private let bytes: [UInt8]
    private let bases: Bases
    var ending: Report?

    /// The writer is the log's one writer: it knows the calls that were there before.
    init(_ call: borrowing Call, _ writer: inout PackWriter) {
        writer.begin()
        writer.writeSummary(of: call)
        writer.writeDetails(of: call)
        self.init(
            number: call.number, frames: call.reply?.frames?.script.frames ?? [], bytes: writer.exactly,
            bases: writer.bases, ending: call.ending)
    }

    private init(number: Int, frames: [FrameScript.Frame], bytes: [UInt8], bases: Bases, ending: Report? = nil) {
        self.number = number
        self.frames = frames
        self.bytes = bytes
        self.bases = bases
        self.ending = ending
    }

    /// No call at all.
    init(none bases: Bases) { self.init(number: .max, frames: [], bytes: [], bases: bases) }

    /// What it keeps in memory, about.
    var size: Int { MemoryLayout<PackedCall>.stride + 32 + bytes.count + (ending?.frames.byteCount ?? 0) }

    func call() -> Call {
        var reader = PackReader(bytes: bytes, bases: bases)
        var call = reader.summary(number: number)
        reader.readDetails(into: &call, frames: frames)
        call.ending = ending
        return call
    }

    /// The call without its request and the content of its reply: what queries ask for.
    func summary() -> Call {
        var reader = PackReader(bytes: bytes, bases: bases)
        var call = reader.summary(number: number)
        call.ending = ending
        return call
    }
}
