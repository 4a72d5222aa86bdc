import Bytes
import Delivery
import HTTPWire
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

    init(_ call: RecordedCall, position: Int, session: Int?, longestStall: Duration?) {
        (recorded, self.position, self.session) = (call, position, session)
        fields = Self.kept(call.reply.fields)
        let times = ReplayTimes(call.reply, longestStall: longestStall)
        (head, end) = (times.head, times.end)
        let frames = call.reply.frames
        script = FrameScript(
            frames: zip(frames, times.frames).map { frame, time in
                FrameScript.Frame(bytes: frame.bytes, offset: time.offset, gap: time.gap)
            })
        places = call.session.map { SessionPlaces.find($0, in: frames) } ?? []
    }

    /// What the journal calls the recording of a call that names none.
    package static let unnamed = "recorded"

    /// The answer in a session that is called so now.
    package func answer(session id: String?) -> ReplayedAnswer {
        var answer = ReplayedAnswer(
            status: recorded.reply.status, fields: fields, script: script, head: head, end: end,
            last: recorded.lastStep)
        if case .whole = recorded.reply.body, answer.last == .end { answer.isWhole = true }
        if let old = recorded.session, let new = id, old != new {
            answer.fields = SessionPlaces.replaced(old, by: new, in: fields)
            if !places.isEmpty {
                answer.script.frames = SessionPlaces.replaced(old, by: new, at: places, in: script.frames)
            }
        }
        answer.length = recorded.reply.length(
            of: answer.script.frames.reduce(0) { $0 + $1.bytes.count }, isWhole: answer.last == .end)
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
package struct ReplayedAnswer: Equatable, Sendable {
    package var status: Int
    package var fields: FieldBlock
    package var length = ResponseHead.Length.unknown
    package var script: FrameScript
    /// Nanoseconds after the call arrived; the frames count from the head.
    package var head: Int64
    package var end: Int64
    /// How it ends.
    package var last: Step
    /// It came in one piece with its head, and leaves so.
    package var isWhole = false

    package var body: [UInt8] { script.frames.flatMap(\.bytes) }
}

extension RecordedCall {
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
        let longest = longestStall?.nanoseconds ?? .max
        func silence(from: Int64, to: Int64) -> Int64 {
            min(max(0, min(to, Int64.max / 2_000) - from) * 1_000, longest)
        }
        let recorded = reply.frames
        let first = min(reply.at, recorded.first?.at ?? reply.at)
        head = silence(from: 0, to: first)
        var (latest, offset) = (max(0, first), Int64(0))
        for frame in recorded {
            let gap = silence(from: latest, to: frame.at)
            offset += gap
            frames.append((offset, gap))
            latest = max(latest, frame.at)
        }
        end = head + offset + silence(from: latest, to: reply.ended)
    }
}
