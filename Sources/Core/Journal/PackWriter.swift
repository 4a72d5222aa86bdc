import Bytes
import Delivery
import HTTPWire

/// Writes the parts of a call; `PackReader` reads them in the same order.
struct PackWriter {
    private(set) var table = LineTable()
    /// What is written, in room that is used again and again.
    var bytes: [UInt8] = []

    /// What is written, without room to spare: `Array(bytes)` would share this buffer, with all the room that it has.
    var exactly: [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }

    mutating func writeSummary(of call: borrowing Call) {
        write(UInt64(bitPattern: call.arrived.nanoseconds))
        write(call.inFlight)
        write(call.reply.map { $0.status + 1 } ?? 0)
        write(call.space)
        write(call.agent)
        write(call.operation)
        write(call.qualifier)
        write(call.session)
        write(call.user)
        write(call.principal)
        write(call.rule)
        write(call.faults.count)
        for fault in call.faults { write(fault) }
    }

    mutating func writeDetails(of call: borrowing Call) {
        write(call.auth)
        if let fields = call.reply?.fields.bytes {
            write(lines: fields)
            write(call.reply?.body ?? [])
            write(call.reply?.bodyBytes ?? 0)
            write(call.reply?.frames)
        }
        write(call.request)
        write(call.requestBodyBytes)
        write(call.restoredFrames.map { $0.count + 1 } ?? 0)
        for frame in call.restoredFrames ?? [] {
            write(UInt64(bitPattern: frame.due))
            write(UInt64(bitPattern: frame.sent))
            write(frame.bytes)
        }
    }

    /// The script's frames stay where they are.
    private mutating func write(_ run: FrameRun?) {
        guard let run else { return write(0) }
        write(1)
        write(run.script.jitter.bitPattern)
        write(run.range, after: 0)
        write(Int(run.start))
        write(run.seed)
        write(run.bytesPerSecond.map { $0 + 1 } ?? 0)
    }

    mutating func write(_ report: Report) {
        write(Report.Outcome.allCases.firstIndex(of: report.outcome) ?? 0)
        write(report.firstByte == nil ? 0 : 1)
        write(Int(report.firstByte ?? 0))
        write(Int(report.ended))
        write(report.bytes)
        write(report.frames.encoded.count)
        bytes.append(contentsOf: report.frames.encoded)
    }

    private mutating func write(_ auth: Call.Auth?) {
        guard let auth else { return write(0) }
        write(auth.verdict == .allowed ? 1 : auth.verdict == .refused ? 2 : 3)
        write(auth.scheme)
        write(auth.why)
        write(auth.canonicalRequest)
        write(auth.stringToSign)
    }

    private mutating func write(_ request: borrowing Request) {
        write(lines: request.head)
        write(request.method, after: 0)
        write(request.target, after: 0)
        write(request.path, after: 0)
        write(request.query == nil ? 0 : 1)
        if let query = request.query { write(query, after: 0) }
        write(Int(request.minorVersion) << 1 | (request.keepsAlive ? 1 : 0))
        write(request.fields.count)
        var end = 0
        for field in request.fields {
            write(field.name, after: end)
            write(field.value, after: field.name.upperBound)
            end = field.value.upperBound
        }
        write(request.body)
        write(request.bodyDigest ?? [])
    }

    // MARK: Parts

    private mutating func write(_ number: Int) { write(UInt64(bitPattern: Int64(number))) }

    /// LEB128: seven bits a byte, the lowest first. Most numbers are lengths, in one byte.
    @inline(__always) private mutating func write(_ number: UInt64) {
        if number < 128 { bytes.append(UInt8(truncatingIfNeeded: number)) } else { writeLong(number) }
    }

    private mutating func writeLong(_ number: UInt64) {
        var rest = number
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A place usually comes soon after another; one that does not wraps around and is still exact.
    private mutating func write(_ range: Range<Int>, after place: Int) {
        write(range.lowerBound &- place)
        write(range.count)
    }

    private mutating func write(_ text: String?) {
        if let text { write(text.utf8.span, offset: 1) } else { write(0) }
    }

    private mutating func write(_ content: [UInt8]) { write(content.span, offset: 0) }

    /// A number that the table knows, or a count and the bytes.
    private mutating func write(_ content: Span<UInt8>, offset: UInt64) {
        if let number = table.number(of: content) { return write(UInt64(number) << 1 + 1 + offset) }
        write(UInt64(content.count) << 1 + offset)
        content.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// Every line with its line feed is a part of its own; a part without bytes ends them.
    private mutating func write(lines: [UInt8]) {
        let span = lines.span
        var start = 0
        while start < span.count {
            let end = min(ByteSearch.first(UInt8(ascii: "\n"), in: span, start..<span.count) + 1, span.count)
            write(span.extracting(start..<end), offset: 0)
            start = end
        }
        write(0)
    }
}
