import Bytes
import Delivery
import HTTPWire

/// Writes the parts of a call; `PackReader` reads them in the same order.
struct PackWriter {
    private var table = BlockTable()
    /// What is written, in room that is used again and again.
    private var bytes: [UInt8] = []
    /// A block that is put together first.
    private var block: [UInt8] = []

    /// What is written, without room to spare: `Array(bytes)` would share this buffer, with all the room that it has.
    var exactly: [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }

    /// What the blocks that are written since `begin` refer to.
    var bases: Bases { table.bases }

    mutating func begin() {
        table.begin()
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func writeSummary(of call: borrowing Call) {
        write(UInt64(bitPattern: call.arrived.nanoseconds))
        write(call.inFlight)
        write(call.reply.map { $0.status + 1 } ?? 0)
        block.removeAll(keepingCapacity: true)
        Self.write(call.space, &block)
        Self.write(call.agent, &block)
        Self.write(call.operation, &block)
        Self.write(call.qualifier, &block)
        Self.write(call.session, &block)
        Self.write(call.user, &block)
        Self.write(call.principal, &block)
        Self.write(call.rule, &block)
        Self.write(UInt64(call.faults.count), &block)
        for fault in call.faults { Self.write(fault, &block) }
        writeBlock(.summary)
    }

    mutating func writeDetails(of call: borrowing Call) {
        write(call.auth)
        if let reply = call.reply {
            write(reply.fields.bytes, .answerFields)
            write(reply.body, .answerBody)
            write(reply.bodyBytes)
            write(reply.frames)
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

    private mutating func write(_ auth: Call.Auth?) {
        guard let auth else { return write(0) }
        write(auth.verdict == .allowed ? 1 : auth.verdict == .refused ? 2 : 3)
        Self.write(auth.scheme, &bytes)
        Self.write(auth.why, &bytes)
        Self.write(auth.canonicalRequest, &bytes)
        Self.write(auth.stringToSign, &bytes)
    }

    private mutating func write(_ request: borrowing Request) {
        write(request.head, .head)
        write(request.method, after: 0)
        write(request.target, after: 0)
        write(request.path, after: 0)
        write(request.query == nil ? 0 : 1)
        if let query = request.query { write(query, after: 0) }
        write(Int(request.minorVersion) << 1 | (request.keepsAlive ? 1 : 0))
        write(request.fields)
        write(request.body, .body)
        write(request.bodyDigest?.count ?? 0)
        if let digest = request.bodyDigest { bytes.append(contentsOf: digest) }
    }

    /// Four bytes a place: what they stand in is no longer than a head.
    private mutating func write(_ fields: [FieldRange]) {
        block.removeAll(keepingCapacity: true)
        for field in fields {
            append(field.name)
            append(field.value)
        }
        writeBlock(.fieldPlaces)
    }

    private mutating func append(_ range: Range<Int>) {
        let places =
            UInt64(UInt32(truncatingIfNeeded: range.upperBound)) << 32
            | UInt64(UInt32(truncatingIfNeeded: range.lowerBound))
        withUnsafeBytes(of: places.littleEndian) { block.append(contentsOf: $0) }
    }

    // MARK: Parts

    private mutating func write(_ number: Int) { Self.write(UInt64(bitPattern: Int64(number)), &bytes) }

    private mutating func write(_ number: UInt64) { Self.write(number, &bytes) }

    /// LEB128: seven bits a byte, the lowest first. Most numbers are lengths, in one byte.
    @inline(__always) private static func write(_ number: UInt64, _ bytes: inout [UInt8]) {
        if number < 128 { bytes.append(UInt8(truncatingIfNeeded: number)) } else { writeLong(number, &bytes) }
    }

    private static func writeLong(_ number: UInt64, _ bytes: inout [UInt8]) {
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

    private static func write(_ text: String?, _ bytes: inout [UInt8]) {
        guard let text else { return bytes.append(0) }
        let content = text.utf8.span
        write(UInt64(content.count) + 1, &bytes)
        content.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private mutating func writeBlock(_ kind: BlockTable.Kind) {
        var content: [UInt8] = []
        swap(&content, &block)
        write(content, kind)
        swap(&content, &block)
    }

    private mutating func write(_ content: [UInt8], _ kind: BlockTable.Kind) {
        Self.write(content.span, kind, &table, &bytes)
    }

    /// 0, a count and the bytes; or a base's number and one more, how much of its ends, and what lies between.
    private static func write(
        _ content: Span<UInt8>, _ kind: BlockTable.Kind, _ table: inout BlockTable, _ bytes: inout [UInt8]
    ) {
        var range = 0..<content.count
        if let likeness = table.likeness(of: content, kind) {
            write(UInt64(likeness.base) + 1, &bytes)
            write(UInt64(likeness.prefix), &bytes)
            write(UInt64(likeness.suffix), &bytes)
            range = likeness.prefix..<content.count - likeness.suffix
        } else {
            write(0, &bytes)
        }
        write(UInt64(range.count), &bytes)
        content.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}
