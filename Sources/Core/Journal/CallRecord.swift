import Bytes
import Delivery
import Time

/// A call as the journal keeps it: the bytes that were written when it arrived, and those of what happened to it since.
/// Whoever wants to know something of it reads that field, and nothing else is made of the others.
package struct CallRecord: Sendable {
    /// Its own, or those of many calls.
    package var bytes: [UInt8]
    /// Where its arrival stands in them, and what happened later.
    package var arrival: Range<Int>
    package var later: Range<Int>
    /// Of a stream: the frames of its script.
    package var frames: [FrameScript.Frame]

    package init(
        bytes: [UInt8] = [], arrival: Range<Int> = 0..<0, later: Range<Int> = 0..<0, frames: [FrameScript.Frame] = []
    ) {
        (self.bytes, self.arrival, self.later, self.frames) = (bytes, arrival, later, frames)
    }

    // MARK: Reading

    package func number(_ field: CallField) -> Int64? {
        entry(field)?.number
    }

    /// The bytes of a text, a header section or a body.
    package func content(_ field: CallField) -> ArraySlice<UInt8>? {
        entry(field).map { bytes[$0.content] }
    }

    /// With U+FFFD for what is not UTF-8.
    package func text(_ field: CallField) -> String? { content(field).map { String(lossy: $0) } }

    package func has(_ field: CallField) -> Bool { entry(field) != nil }

    /// Each field that it has, as it was written.
    package func forEach<Failure: Error>(
        _ body: (CallField, _ number: Int64, _ content: Range<Int>) throws(Failure) -> Void
    ) throws(Failure) {
        let bytes = bytes.span
        for event in [arrival, later] {
            var place = event.lowerBound
            while place < event.upperBound {
                let entry = RecordEntry(bytes, at: place)
                if let field = entry.field { try body(field, entry.number, entry.content) }
                place = entry.end
            }
        }
    }

    func entry(_ field: CallField) -> RecordEntry? {
        let (bytes, tag) = (bytes.span, RecordEntry.tag(of: field))
        // What was said last counts.
        return Self.entry(tag, bytes, later, isLast: true) ?? Self.entry(tag, bytes, arrival)
    }

    private static func entry(
        _ tag: UInt8, _ bytes: Span<UInt8>, _ event: Range<Int>, isLast: Bool = false
    ) -> RecordEntry? {
        var found: RecordEntry?
        var place = event.lowerBound
        while place < event.upperBound {
            let entry = RecordEntry(bytes, at: place)
            if entry.tag == tag { found = entry }
            if found != nil, !isLast { break }
            place = entry.end
        }
        return found
    }

    package var number: Int { Int(number(.number) ?? 0) }

    package var arrived: Instant { Instant(nanoseconds: number(.arrived) ?? 0) }

    package var outcome: Report.Outcome? { text(.outcome).flatMap(Report.Outcome.init) }

    // MARK: What is worked out

    /// What the clock of its space said when it ended. It is written only for a clock that was moved.
    package var endedClock: Instant? {
        if let moment = number(.endedClock) { return Instant(nanoseconds: moment) }
        guard let ended = number(.ended) else { return nil }
        return Instant(nanoseconds: (number(.clock) ?? arrived.nanoseconds) + ended)
    }

    /// The path that was asked for. RFC 9112 3.2: the target is a path with a query, or a whole URI whose authority comes
    /// first.
    package var path: String {
        let target = (content(.target) ?? []).prefix { $0 != UInt8(ascii: "?") }
        guard target.first != UInt8(ascii: "/"), let colon = target.firstIndex(of: UInt8(ascii: ":")),
            target[(colon + 1)...].starts(with: "//".utf8)
        else { return String(lossy: target) }
        return String(lossy: target[(colon + 3)...].drop { $0 != UInt8(ascii: "/") })
    }

    /// How the stream was to run.
    package var frameRun: FrameRun? {
        guard let content = content(.frameRun) else { return nil }
        func word(_ index: Int) -> UInt64 {
            content.span.bytes.unsafeLoadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        }
        func number(_ index: Int) -> Int { Int(Int64(bitPattern: word(index))) }
        let script = FrameScript(frames: frames, jitter: Double(bitPattern: word(0)))
        return FrameRun(
            script: script, range: number(1)..<number(2), start: Int64(number(3)), seed: word(4),
            bytesPerSecond: number(5) < 0 ? nil : number(5))
    }

    /// How late each frame left.
    package var frameLog: FrameLog { FrameLog(bytes: content(.lateness).map { Array($0) } ?? []) }

    /// What was said in a conversation.
    package var messageLog: MessageLog { MessageLog(bytes: content(.messages).map { Array($0) } ?? []) }

    /// Every frame that left. Empty until the call has ended: only its ending tells what left.
    package var frameRecords: [FrameRecord] {
        if let content = content(.frames) { return FrameRecord.list(content) }
        guard has(.outcome), let run = frameRun else { return [] }
        return run.records(frameLog)
    }

    /// The body of the reply as far as it left, and how long it was in full. A stream that still runs is told as far
    /// as it was due `now`, or not at all where no one knows the time.
    package func replyBody(now: Instant? = nil) -> (kept: ArraySlice<UInt8>, bytes: Int) {
        guard let run = frameRun else {
            let kept = content(.replyBody) ?? []
            return (kept, number(.replyBodyBytes).map { Int($0) } ?? kept.count)
        }
        if has(.outcome) {
            let body = run.body(frameLog)
            return (body.kept[...], body.bytes)
        }
        guard let now else { return ([], 0) }
        let body = run.body(dueBy: now.nanoseconds - arrived.nanoseconds)
        return (body.kept[...], body.bytes)
    }
}

extension FrameRecord {
    /// How a record holds them that was read back, or that tells of an answer of another side: three words each.
    package static func list(_ content: ArraySlice<UInt8>) -> [FrameRecord] {
        let words = content.span.bytes
        return stride(from: 0, to: content.count, by: 24).map { place in
            func word(_ index: Int) -> Int64 {
                words.unsafeLoadUnaligned(fromByteOffset: place + index * 8, as: Int64.self)
            }
            return FrameRecord(due: word(0), sent: word(1), bytes: Int(word(2)))
        }
    }
}

/// A record out of what a journal file tells, field by field in the order of a record.
package struct RecordBuilder {
    private var bytes: [UInt8] = []

    package init() {}

    /// The fields of a call that a file may tell, in the order in which a record has them.
    package static let fields = (CallField.shortFields + CallField.longFields).filter {
        $0 == .number || $0.definition.column != nil
    }

    /// Those that come first: what a query looks at.
    package static let shortFields = fields.prefix { !$0.definition.kind.isLong }

    package mutating func add(_ field: CallField, _ number: Int) {
        bytes.append(addingCapacity: RecordEntry.overhead) { $0.append(field, number) }
    }

    package mutating func add(_ field: CallField, _ content: [UInt8]) {
        bytes.append(addingCapacity: RecordEntry.overhead + content.count) { $0.append(field, content.span) }
    }

    package mutating func add(frames: [FrameRecord]) {
        bytes.append(addingCapacity: RecordEntry.overhead + 24 * frames.count) { $0.append(frames) }
    }

    package var record: CallRecord { CallRecord(bytes: bytes, arrival: 0..<bytes.count) }
}
