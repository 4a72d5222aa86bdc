import Bytes
import HTTPWire
import Recording

// Rules.  The frames of an answer are one text, and so are the messages of one side and kind of a conversation. A frame is
//         given back in its turn: one in which no secret can be left waits for those before it. Of a conversation a
//         megabyte waits at most: then the side that is waited for is told as far as it came.

/// Takes the secrets out of the frames of one call.
package struct FrameRedactor: Sendable {
    private static let mostWaiting = 1 << 20

    private struct Waiting {
        var frame: RecordedFrame
        var isDone: Bool
    }

    private let rules: SecretRules
    private let form: StreamRedactor.Form
    /// By the side and kind of messages; nil is the answer's body.
    private var streams: [RecordedMessage?: StreamRedactor] = [:]
    private var places: [RecordedMessage?: [Int]] = [:]
    private var waiting: [Waiting] = []
    private var waitingBytes = 0
    /// The place of the first that waits, counted from the first of all.
    private var first = 0
    private var coded: CodedBody?
    /// Whether the body is kept as what it stood for, so that its fields must no longer name a coding.
    package private(set) var hasDecoded = false
    /// Why a body was not kept.
    package private(set) var withheld: String?

    /// `fields` are those of the answer.
    package init(_ fields: FieldBlock, _ rules: SecretRules) {
        self.rules = rules
        form = StreamRedactor.form(of: fields)
        coded = CodedBody(fields)
    }

    /// Those that are done, in the order in which they came.
    package mutating func add(_ frame: RecordedFrame, _ redactor: inout Redactor) -> [RecordedFrame] {
        if frame.message?.kind == .close {
            wait(Self.withoutSecrets(close: frame, &redactor), isDone: true)
        } else if frame.message == nil, coded != nil {
            coded?.add(frame.bytes)
            // What is too long to be read is not kept.
            wait(coded?.isTooLong == true ? frame.emptied : frame, isDone: false)
        } else {
            take(frame, &redactor)
        }
        if waitingBytes > Self.mostWaiting, let lane = waiting.first?.frame.message { tellAll(of: lane, &redactor) }
        return done()
    }

    private mutating func take(_ frame: RecordedFrame, _ redactor: inout Redactor) {
        let lane = frame.message
        places[lane, default: []].append(first + waiting.count)
        wait(frame, isDone: false)
        var stream = streams.removeValue(forKey: lane) ?? StreamRedactor(lane == nil ? form : .messages, rules: rules)
        put(stream.add(frame.bytes, at: Int(frame.at), &redactor), lane)
        streams[lane] = stream
    }

    /// The rest.
    package mutating func finish(_ redactor: inout Redactor) -> [RecordedFrame] {
        if let coded { finish(coded, &redactor) }
        for lane in Array(streams.keys) { tellAll(of: lane, &redactor) }
        return done()
    }

    private mutating func tellAll(of lane: RecordedMessage?, _ redactor: inout Redactor) {
        guard var stream = streams.removeValue(forKey: lane) else { return }
        put(stream.finish(&redactor), lane)
        streams[lane] = stream
    }

    private mutating func wait(_ frame: RecordedFrame, isDone: Bool) {
        waiting.append(Waiting(frame: frame, isDone: isDone))
        waitingBytes += frame.bytes.count
    }

    private mutating func put(_ pieces: [StreamRedactor.Piece], _ lane: RecordedMessage?) {
        guard !pieces.isEmpty else { return }
        for (place, piece) in zip(places[lane] ?? [], pieces) { put(piece.bytes, at: place - first) }
        places[lane]?.removeFirst(pieces.count)
    }

    private mutating func put(_ bytes: [UInt8], at place: Int) {
        waitingBytes += bytes.count - waiting[place].frame.bytes.count
        waiting[place].frame.put(bytes)
        waiting[place].isDone = true
    }

    private mutating func done() -> [RecordedFrame] {
        let count = waiting.firstIndex { !$0.isDone } ?? waiting.count
        guard count > 0 else { return [] }
        let frames = waiting[..<count].map(\.frame)
        waiting.removeFirst(count)
        first += count
        waitingBytes -= frames.reduce(0) { $0 + $1.bytes.count }
        return frames
    }

    // MARK: Bodies in a coding

    private mutating func finish(_ coded: CodedBody, _ redactor: inout Redactor) {
        self.coded = nil
        let before = redactor.pseudonyms.replaced
        switch coded.reading {
        case .decoded(let pieces):
            var stream = StreamRedactor(form, rules: rules)
            var kept: [[UInt8]] = []
            for piece in pieces { kept += stream.add(piece, at: 0, &redactor).map(\.bytes) }
            kept += stream.finish(&redactor).map(\.bytes)
            hasDecoded = redactor.pseudonyms.replaced > before
            for place in waiting.indices {
                if hasDecoded { put(kept[place], at: place) } else { waiting[place].isDone = true }
            }
        case .unreadable(let reason):
            (withheld, hasDecoded) = (reason, true)
            for place in waiting.indices { put(place == 0 ? coded.pseudonym(&redactor) : [], at: place) }
        }
    }

    // MARK: Closes

    /// RFC 6455 5.5: "All control frames MUST have a payload length of 125 bytes or less", two of which are the code.
    private static func withoutSecrets(close frame: RecordedFrame, _ redactor: inout Redactor) -> RecordedFrame {
        guard frame.bytes.count > 2 else { return frame }
        var kept = frame
        let reason = redactor.redact(Array(frame.bytes[2...]))
        kept.put(Array(frame.bytes[..<2]) + reason.prefix(123))
        return kept
    }
}

extension RecordedFrame {
    /// Other bytes than those that came.
    fileprivate mutating func put(_ other: [UInt8]) {
        if other != bytes { size = size ?? bytes.count }
        if size == other.count { size = nil }
        bytes = other
    }

    fileprivate var emptied: RecordedFrame {
        var frame = self
        frame.put([])
        return frame
    }
}
