import Bytes
import Delivery
import HTTPWire
import JSON
import Redaction

/// One field in a record: its tag, and a number in eight bytes, or a length and as many bytes.
struct RecordEntry {
    let tag: UInt8
    let content: Range<Int>
    let number: Int64

    /// What an entry takes beside its bytes.
    static let overhead = 12
    private static let long: UInt8 = 0x40
    private static let hasBytes: UInt8 = 0x80

    @inline(__always) init(_ bytes: Span<UInt8>, at start: Int) {
        tag = bytes[start]
        var place = start + 1
        if tag & Self.hasBytes == 0 {
            number = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Int64.self)
            content = place + 8..<place + 8
        } else {
            number = 0
            let count = Int(RecordNumber.read(bytes, &place))
            content = place..<place + count
        }
    }

    /// Where the entry that begins here ends, when nothing else of it is asked for.
    @inline(__always) static func end(_ bytes: Span<UInt8>, from start: Int) -> Int {
        guard bytes[start] & hasBytes != 0 else { return start + 9 }
        var place = start + 1
        let count = Int(RecordNumber.read(bytes, &place))
        return place + count
    }

    /// The same entries but for messages, which are told as a whole each time.
    static func withoutMessages(_ bytes: [UInt8]) -> [UInt8] {
        let messages = tag(of: .messages)
        var (kept, start): ([UInt8], Int) = ([], 0)
        while start < bytes.count {
            let end = end(bytes.span, from: start)
            if bytes[start] != messages { kept += bytes[start..<end] }
            start = end
        }
        return kept
    }

    var end: Int { content.upperBound }
    var field: CallField? { CallField(rawValue: tag & 0x3F) }

    static func tag(of field: CallField) -> UInt8 {
        let kind = field.definition.kind
        return field.rawValue | (kind.isLong ? long : 0) | (kind.isNumber ? 0 : hasBytes)
    }
}

extension CallField {
    static let shortFields = allCases.filter { $0.definition.kind.isKept && !$0.definition.kind.isLong }
    static let longFields = allCases.filter { $0.definition.kind.isLong }
    /// Those that are known when a call arrives.
    static let longFieldsOfArrival = longFields.filter { ![.segments, .messages, .lateness, .frames].contains($0) }
    /// Those of the short ones that an ordinary call can have when it arrives: nobody issued or showed a token, no fault
    /// struck, nothing was passed on, a rule answered. The record is the same; fewer fields are asked.
    static let ordinaryFields = shortFields.filter { field in
        ![
            .firstByte, .ended, .endedClock, .bytes, .outcome, .grant, .client, .tokenID, .tokenIssued, .tokenExpires,
            .recording, .unmatched, .faults, .upstreamURL, .upstreamStatus, .upstreamConnected, .upstreamFirstByte,
            .upstreamEnded, .upstreamError,
        ].contains(field)
    }
    /// What a later event can tell of an answer.
    static let ofAnswer: [CallField] = [
        .faults, .upstreamStatus, .upstreamConnected, .upstreamFirstByte, .upstreamEnded, .upstreamError, .status,
        .replyHeaders, .replyBody, .replyBodyBytes, .why,
    ]
    fileprivate static let tags = allCases.map(RecordEntry.tag)
}

extension CallField.Kind {
    var isKept: Bool { self != .derived }

    package var isNumber: Bool {
        switch self {
        case .integer, .moment, .elapsed: true
        default: false
        }
    }

    var isLong: Bool {
        switch self {
        case .passage, .headers, .body, .documents, .frames, .messages, .material: true
        default: false
        }
    }
}

/// LEB128: seven bits a byte, the lowest first. Lengths, in one byte or two.
enum RecordNumber {
    @inline(__always) static func read(_ bytes: Span<UInt8>, _ place: inout Int) -> UInt64 {
        var byte = bytes[place]
        place += 1
        guard byte > 127 else { return UInt64(byte) }
        var (value, shift) = (UInt64(byte & 127), UInt64(7))
        repeat {
            byte = bytes[place]
            place += 1
            value |= UInt64(byte & 127) << shift
            shift += 7
        } while byte > 127
        return value
    }
}

extension OutputSpan<UInt8> {
    @inline(__always) mutating func append(leb number: UInt64) {
        var rest = number
        while rest > 127 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always) mutating func append(_ field: CallField, _ number: Int?) {
        guard let number else { return }
        append(CallField.tags[Int(field.rawValue)])
        append(bytesOf: Int64(number))
    }

    @inline(__always) mutating func append(_ field: CallField, _ text: String?) {
        guard let text else { return }
        append(field, text.utf8.span)
    }

    mutating func append(_ field: CallField, _ content: Span<UInt8>) {
        append(field, count: content.count)
        append(content)
    }

    /// For content of exactly so many bytes that the caller appends.
    @inline(__always) private mutating func append(_ field: CallField, count: Int) {
        append(CallField.tags[Int(field.rawValue)])
        append(leb: UInt64(count))
    }

    mutating func append(_ field: CallField, faults: [Call.Fault]) {
        guard !faults.isEmpty else { return }
        let list = Call.Fault.list(faults)
        append(field, list.span)
    }

    mutating func append(_ frames: [FrameRecord]) {
        append(.frames, count: 24 * frames.count)
        for frame in frames {
            append(bytesOf: frame.due)
            append(bytesOf: frame.sent)
            append(bytesOf: frame.bytes)
        }
    }

    mutating func append(targetOf request: borrowing Request, _ masking: borrowing Masking) {
        let count = request.target.count + masking.head.growth(in: request.target)
        append(.target, count: count)
        append(request.target, of: request.head.span, masking.head)
    }

    /// Lines that already stand as they are to be kept are copied together.
    mutating func append(fieldsOf request: borrowing Request, _ masking: borrowing Masking) {
        let bytes = request.head.span
        if request.hasPlainLines, let first = request.fields.first, let last = request.fields.last,
            last.value.upperBound + 2 == bytes.count
        {
            let lines = first.name.lowerBound..<bytes.count
            append(.requestHeaders, count: lines.count + masking.head.growth(in: lines))
            return append(lines, of: bytes, masking.head)
        }
        appendLines(of: request, masking)
    }

    private mutating func appendLines(of request: borrowing Request, _ masking: borrowing Masking) {
        let bytes = request.head.span
        var count = 0
        for field in request.fields { count += field.name.count + field.value.count + 4 }
        if let first = request.fields.first {
            count += masking.head.growth(in: first.name.lowerBound..<bytes.count)
        }
        append(.requestHeaders, count: count)
        var run = 0..<0
        for field in request.fields {
            if field.isWellSpaced(in: bytes) {
                let line = field.name.lowerBound..<field.value.upperBound + 2
                if line.lowerBound == run.upperBound {
                    run = run.lowerBound..<line.upperBound
                    continue
                }
                append(run, of: bytes, masking.head)
                run = line
            } else {
                append(run, of: bytes, masking.head)
                run = 0..<0
                append(bytes.extracting(field.name))
                append(": " as StaticString)
                append(field.value, of: bytes, masking.head)
                append("\r\n" as StaticString)
            }
        }
        append(run, of: bytes, masking.head)
    }

    mutating func append(fieldsOf reply: borrowing ReplyRecord?, _ masking: borrowing Masking) {
        guard let reply = copy reply else { return }
        let bytes = reply.fields.bytes.span
        append(.replyHeaders, count: bytes.count + masking.replyFields.growth(in: 0..<bytes.count))
        append(0..<bytes.count, of: bytes, masking.replyFields)
    }

    /// The bytes of this range, with the mask in place of every secret inside.
    private mutating func append(_ range: Range<Int>, of bytes: Span<UInt8>, _ places: borrowing SecretPlaces) {
        var start = range.lowerBound
        for place in places.masked where start <= place.lowerBound && place.upperBound <= range.upperBound {
            append(bytes.extracting(start..<place.lowerBound))
            append(SecretName.mask)
            start = place.upperBound
        }
        append(bytes.extracting(start..<range.upperBound))
    }

    mutating func append(_ run: FrameRun?) {
        guard let run else { return }
        append(.frameRun, count: FrameRun.recordCount)
        append(bytesOf: run.script.jitter.bitPattern)
        append(bytesOf: run.range.lowerBound)
        append(bytesOf: run.range.upperBound)
        append(bytesOf: run.start)
        append(bytesOf: run.seed)
        append(bytesOf: run.bytesPerSecond ?? -1)
    }
}

extension Call.Fault {
    /// As the journal tells them.
    package static func list(_ faults: [Call.Fault]) -> [UInt8] { Value.array(faults.map(\.json)).compact }

    fileprivate var json: Value {
        ["name": .string(name), "fault": .string(fault), "applied": .bool(isApplied), "why": Value(why)]
    }
}

extension FieldRange {
    /// Whether it stands as `Name: value`, with the end of a line behind it.
    fileprivate func isWellSpaced(in bytes: Span<UInt8>) -> Bool {
        let end = value.upperBound
        return value.lowerBound == name.upperBound + 2 && end + 2 <= bytes.count
            && bytes[name.upperBound] == UInt8(ascii: ":") && bytes[name.upperBound + 1] == UInt8(ascii: " ")
            && bytes[end] == UInt8(ascii: "\r") && bytes[end + 1] == UInt8(ascii: "\n")
    }
}

extension SecretPlaces {
    /// How much longer a range becomes when what is secret in it is masked.
    fileprivate func growth(in range: Range<Int>) -> Int {
        var growth = 0
        for place in masked where range.lowerBound <= place.lowerBound && place.upperBound <= range.upperBound {
            growth += SecretName.mask.utf8CodeUnitCount - place.count
        }
        return growth
    }
}
