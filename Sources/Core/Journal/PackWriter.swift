import Bytes
import Delivery
import HTTPWire

/// Writes the parts of a call; `PackReader` reads them in the same order.
struct PackWriter {
    private var table = BlockTable()
    /// What is written, in room that is used again and again.
    private var bytes: [UInt8] = []
    // Blocks that are put together first.
    private var names: [UInt8] = []
    private var places: [UInt64] = []

    /// Where calls are put.
    private var page: Page?

    /// Puts what was written since `begin` on a page.
    mutating func put() -> (page: Page, range: Range<Int>) {
        let here: Page
        if let page, page.bases === table.bases, page.hasRoom(for: bytes.count) {
            here = page
        } else {
            here = Page(table.bases, capacity: max(Page.size, bytes.count))
            page = here
        }
        let start = here.append(bytes)
        return (here, start..<start + bytes.count)
    }

    mutating func begin() {
        table.begin()
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func writeSummary(of call: borrowing Call) {
        write(UInt64(bitPattern: call.arrived.nanoseconds))
        write(call.inFlight)
        write(call.reply.map { $0.status + 1 } ?? 0)
        names.removeAll(keepingCapacity: true)
        Self.write(call.space, &names)
        Self.write(call.agent, &names)
        Self.write(call.operation, &names)
        Self.write(call.qualifier, &names)
        Self.write(call.session, &names)
        Self.write(call.user, &names)
        Self.write(call.principal, &names)
        Self.write(call.rule, &names)
        Self.write(UInt64(call.faults.count), &names)
        for fault in call.faults { Self.write(fault, &names) }
        names.withUnsafeBufferPointer { Self.write(Span(_unsafeElements: $0), .summary, &table, &bytes) }
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
        writePlaces(of: request)
        write(Int(request.minorVersion) << 1 | (request.keepsAlive ? 1 : 0))
        write(request.body, .body)
        write(request.bodyDigest?.count ?? 0)
        if let digest = request.bodyDigest { bytes.append(contentsOf: digest) }
    }

    /// Eight bytes a place: what they stand in is no longer than a head. A query that is not there begins nowhere.
    private mutating func writePlaces(of request: borrowing Request) {
        places.removeAll(keepingCapacity: true)
        places.append(Self.pair(request.method))
        places.append(Self.pair(request.target))
        places.append(Self.pair(request.path))
        places.append(request.query.map(Self.pair) ?? .max)
        for field in request.fields {
            places.append(Self.pair(field.name))
            places.append(Self.pair(field.value))
        }
        places.withUnsafeBytes {
            Self.write(Span(_unsafeBytes: $0), .places, &table, &bytes)
        }
    }

    private static func pair(_ range: Range<Int>) -> UInt64 {
        UInt64(UInt32(truncatingIfNeeded: range.upperBound)) << 32
            | UInt64(UInt32(truncatingIfNeeded: range.lowerBound))
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
        bytes.append(addingCapacity: content.count) { $0.append(content) }
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
