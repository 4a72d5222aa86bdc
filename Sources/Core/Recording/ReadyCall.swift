import Bytes
import Delivery
import HTTPWire
import JSON
import Runtime

/// A recorded call, ready to answer: its times as the runner wants them, and where its session's id stands.
package struct ReadyCall: Sendable {
    package let recorded: RecordedCall
    /// Its place in its recording, from 1.
    let position: Int
    let session: Int?
    private let fields: FieldBlock
    private let script: FrameScript
    /// Nanoseconds after the call arrived, with stalls no longer than they may be.
    private let head: Int64
    private let end: Int64
    /// Where the session's id begins in the body, as if its frames were one.
    private let places: [Int]
    /// Where the answer repeats the id of its JSON-RPC request.
    private let idPlaces: [Range<Int>]
    private let longestStall: Duration?
    /// How often the session's id stands in a stored answer of which a length was promised.
    private let storedPlaces: Int

    init(_ call: RecordedCall, position: Int, session: Int?, longestStall: Duration?) {
        (recorded, self.position, self.session) = (call, position, session)
        fields = Self.kept(call.reply.fields)
        self.longestStall = longestStall
        storedPlaces = Self.storedPlaces(of: call)
        var reply = call.reply
        if case .stored = reply.body { reply.body = .frames([]) }
        let times = ReplayTimes(reply, longestStall: longestStall)
        (head, end) = (times.head, times.end)
        let frames = reply.frames
        script = FrameScript(
            frames: zip(frames, times.frames).map { frame, time in
                FrameScript.Frame(bytes: frame.bytes, offset: time.offset, gap: time.gap)
            })
        places = call.session.map { SessionPlaces.find($0, in: frames) } ?? []
        idPlaces = Self.idPlaces(of: call, frames)
    }

    private static func storedPlaces(of call: RecordedCall) -> Int {
        guard case .stored(let stored) = call.reply.body, let session = call.session,
            call.reply.fields.value(of: "Content-Length") != nil
        else { return 0 }
        let (id, other) = (Array(session.utf8), [UInt8](repeating: 0, count: session.utf8.count))
        var replay = LongReplay(stored, call.reply, longestStall: nil, edit: (id, other), requestID: nil)
        var (count, mark) = (0, StoredFrames.Mark?.none)
        repeat {
            guard let window = stored.read(after: mark) else { return count }
            count += SessionPlaces.find(other, in: replay.take(window).flatMap(\.bytes)).count
            mark = window.next
        } while mark != nil
        return count
    }

    private static func idPlaces(of call: RecordedCall, _ frames: [RecordedFrame]) -> [Range<Int>] {
        guard let id = RequestIDs.id(of: try? Value.parse(call.requestBody)) else { return [] }
        let type = call.reply.fields.value(of: "Content-Type")?.lowercased() ?? ""
        return RequestIDs.find(
            id, in: frames.flatMap(\.bytes), isEventStream: type.hasPrefix("text/event-stream"))
    }

    /// What the journal calls the recording of a call that names none.
    package static let unnamed = "recorded"

    /// The answer in a session that is called so now, to a JSON-RPC request of this id.
    package func answer(session id: String?, requestID: Value? = nil) -> ReplayedAnswer {
        var answer = ReplayedAnswer(
            status: recorded.reply.status, fields: fields, script: script, head: head, end: end,
            last: recorded.lastStep)
        answer.hasHead = recorded.hasHead
        if case .stored(let stored) = recorded.reply.body {
            return long(answer, stored, session: id, requestID: requestID)
        }
        if recorded.isConversation {
            answer.conversation = RecordedConversation(
                recorded, replacing: recorded.session, by: id, longestStall: longestStall)
            return answer
        }
        if case .whole = recorded.reply.body, answer.last == .end { answer.isWhole = true }
        var edits: [AnswerEdit] = []
        if let old = recorded.session, let new = id, old != new {
            answer.fields = SessionPlaces.replaced(old, by: new, in: fields)
            edits = places.map { AnswerEdit(place: $0, length: old.utf8.count, bytes: Array(new.utf8)) }
        }
        if let requestID {
            let outside = idPlaces.filter { place in !places.contains(where: place.contains) }
            edits += outside.map { AnswerEdit(place: $0.lowerBound, length: $0.count, bytes: requestID.compact) }
            edits.sort { $0.place < $1.place }
        }
        if !edits.isEmpty { answer.script.frames = SessionPlaces.edited(script.frames, edits) }
        answer.length = recorded.reply.length(
            of: answer.script.frames.reduce(0) { $0 + $1.bytes.count }, isWhole: answer.last == .end)
        return answer
    }

    private func long(
        _ answer: ReplayedAnswer, _ stored: StoredFrames, session id: String?, requestID: Value?
    ) -> ReplayedAnswer {
        var answer = answer
        var edit: (old: [UInt8], new: [UInt8])?
        if let old = recorded.session, let new = id, old != new {
            edit = (Array(old.utf8), Array(new.utf8))
            answer.fields = SessionPlaces.replaced(old, by: new, in: fields)
        }
        let isEventStream = fields.value(of: "Content-Type")?.lowercased().hasPrefix("text/event-stream") ?? false
        let old = isEventStream ? RequestIDs.id(of: try? Value.parse(recorded.requestBody)) : nil
        answer.long = LongReplay(
            stored, recorded.reply, longestStall: longestStall, edit: edit,
            requestID: old.flatMap { old in requestID.map { (old, $0) } })
        let more = edit.map { ($0.new.count - $0.old.count) * storedPlaces } ?? 0
        answer.length = recorded.reply.length(of: stored.byteCount + more, isWhole: answer.last == .end)
        return answer
    }

    /// Fields that belong to that call and that connection, and are made anew for each answer.
    private static let own: Set<String> = [
        "x-amzn-requestid", "x-amzn-bedrock-agentcore-runtime-session-id", "mcp-session-id", "x-amzn-trace-id",
        "traceparent", "tracestate", "baggage", "date", "server", "connection", "keep-alive", "content-length",
        "transfer-encoding", "x-understudy-call", "access-control-allow-origin", "access-control-expose-headers",
    ]

    static func kept(_ fields: FieldBlock) -> FieldBlock {
        var kept = FieldBlock()
        for field in fields.list where !own.contains(field.name.lowercased()) {
            kept.add(name: field.name, value: field.value)
        }
        return kept
    }
}

/// What leaves for a call that a recording answers.
package struct ReplayedAnswer: Sendable {
    package var status: Int
    package var fields: FieldBlock
    package var length = ResponseHead.Length.unknown
    package var script: FrameScript
    /// Nanoseconds after the call arrived; the frames count from the head.
    package var head: Int64
    package var end: Int64
    /// How it ends.
    package var last: Step
    /// Not of what broke off before anything of it came.
    package var hasHead = true
    /// It came in one piece with its head, and leaves so.
    package var isWhole = false
    /// In place of the script, where the answer is too long for memory.
    package var long: LongReplay?
    /// Of a call that opened one.
    package var conversation: RecordedConversation?

    package var body: [UInt8] { script.frames.flatMap(\.bytes) }
}

extension RecordedCall {
    /// Whether it was opened, and messages went to and fro.
    package var isConversation: Bool {
        guard operation == "InvokeAgentRuntimeWithWebSocketStream", case .frames(let frames) = reply.body else {
            return false
        }
        return frames.contains { $0.message != nil } || reply.status == 101 && frames.isEmpty
    }

    /// A record of what broke off before its head has neither a field nor a byte of an answer.
    fileprivate var hasHead: Bool {
        if lastStep == .end || !reply.fields.bytes.isEmpty { return true }
        guard case .frames(let frames) = reply.body else { return true }
        return !frames.isEmpty
    }

    fileprivate var lastStep: Step {
        switch outcome {
        case .completed, .refused: .end
        case .reset: .reset
        case .hung: .hang
        // What the client that left would have got is not known: it was not the end.
        case .closed, .clientClosed, .sessionStopped: .close
        }
    }
}

extension RecordedReply {
    /// As it was framed. A length that was a promise and was not kept is promised, and not kept, again.
    fileprivate func length(of bytes: Int, isWhole: Bool) -> ResponseHead.Length {
        let promised = fields.value(of: "Content-Length").flatMap { Int($0) }
        if let promised { return .known(isWhole ? bytes : max(promised, bytes + 1)) }
        if case .whole = body, isWhole, fields.value(of: "Transfer-Encoding") == nil { return .known(bytes) }
        return .unknown
    }
}

/// The times of an answer, in nanoseconds, without what is too long of its silences.
struct ReplayTimes {
    /// After the call arrived.
    var head: Int64
    var end: Int64
    /// After the head.
    var frames: [(offset: Int64, gap: Int64)] = []

    init(_ reply: RecordedReply, longestStall: Duration?) {
        let recorded = reply.frames
        var clock = ReplayClock(reply, first: recorded.first?.at, longestStall: longestStall)
        head = clock.head
        for frame in recorded { frames.append(clock.next(at: frame.at)) }
        end = clock.end(reply.ended)
    }
}

/// The same, a frame at a time.
struct ReplayClock: Sendable {
    let head: Int64
    private let longest: Int64
    private var latest: Int64
    private var offset: Int64 = 0

    /// `first` is when the first frame came, where that is known.
    init(_ reply: RecordedReply, first: Int64?, longestStall: Duration?) {
        longest = longestStall?.nanoseconds ?? .max
        let first = min(reply.at, first ?? reply.at)
        head = Self.silence(from: 0, to: first, longest)
        latest = max(0, first)
    }

    private static func silence(from: Int64, to: Int64, _ longest: Int64) -> Int64 {
        min(max(0, min(to, Int64.max / 2_000) - from) * 1_000, longest)
    }

    /// After the head, and after the frame before it.
    mutating func next(at moment: Int64) -> (offset: Int64, gap: Int64) {
        let gap = Self.silence(from: latest, to: moment, longest)
        offset += gap
        latest = max(latest, moment)
        return (offset, gap)
    }

    func end(_ moment: Int64) -> Int64 { head + offset + Self.silence(from: latest, to: moment, longest) }
}
