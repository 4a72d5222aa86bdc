import Delivery

/// A call as the journal in memory keeps it: one string of bytes, its lines by their numbers where they came before.
/// A `Call` of an ordinary request takes three kilobytes in twenty allocations, this a few hundred bytes in one.
struct PackedCall {
    let number: Int
    /// Of a stream, shared with its script.
    private let frames: [FrameScript.Frame]
    private var bytes: [UInt8]
    /// Where the ending begins in the bytes, once there is one.
    private var endingStart: Int32?

    /// The writer is the log's one writer: it knows the lines that were there before.
    init(_ call: borrowing Call, _ writer: inout PackWriter) {
        number = call.number
        frames = call.reply?.frames?.script.frames ?? []
        writer.bytes.removeAll(keepingCapacity: true)
        writer.writeSummary(of: call)
        writer.writeDetails(of: call)
        bytes = writer.exactly
        if let ending = call.ending { end(ending, &writer) }
    }

    /// Joins the ending.
    mutating func end(_ report: Report, _ writer: inout PackWriter) {
        let start = Int(endingStart ?? Int32(clamping: bytes.count))
        writer.bytes.removeAll(keepingCapacity: true)
        writer.bytes.append(contentsOf: bytes[..<start])
        writer.write(report)
        endingStart = Int32(clamping: start)
        bytes = writer.exactly
    }

    /// What it keeps in memory, about.
    var size: Int { MemoryLayout<PackedCall>.stride + 32 + bytes.count }

    func call(_ table: LineTable) -> Call {
        var reader = PackReader(bytes: bytes, table: table)
        var call = reader.summary(number: number)
        reader.readDetails(into: &call, frames: frames)
        call.ending = ending(table)
        return call
    }

    /// The call without its request and the content of its reply: what queries ask for.
    func summary(_ table: LineTable) -> Call {
        var reader = PackReader(bytes: bytes, table: table)
        var call = reader.summary(number: number)
        call.ending = ending(table)
        return call
    }

    private func ending(_ table: LineTable) -> Report? {
        guard let endingStart else { return nil }
        var reader = PackReader(bytes: bytes, table: table, place: Int(endingStart))
        return reader.report()
    }
}
