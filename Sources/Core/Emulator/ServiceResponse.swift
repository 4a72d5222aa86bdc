import Bytes
import Delivery
import HTTPWire
import Journal
import Recording
import Rules
import Runtime
import SplitMix

/// What a call is answered with, before it becomes steps.
package struct ServiceResponse {
    /// Most have bytes alone, and are handed on without room for anything else.
    package enum Content {
        case bytes([UInt8])
        /// Frames, the first `after` nanoseconds after the head.
        indirect case frames(FrameScript, after: Int64)
        /// As it was recorded, its head included.
        indirect case replayed(ReplayedAnswer)
        /// The head opens a conversation; the script says what is said in it.
        indirect case conversation(Conversation.Speaker)
    }

    package var status: Int
    package var fields: FieldBlock
    package var content: Content
    /// Nanoseconds between the call's arrival and the head.
    package var delay: Int64 = 0
    /// Of a refusal, what is wrong with the call: for the journal.
    package var why: String?

    package init(status: Int, fields: FieldBlock, content: Content) {
        self.status = status
        self.fields = fields
        self.content = content
    }

    package init(status: Int, contentType: StaticString, body: [UInt8]) {
        self.init(status: status, fields: FieldBlock(), content: .bytes(body))
        fields.add("Content-Type", contentType.description)
    }

    init(_ answer: ReplayedAnswer) {
        let content =
            answer.conversation.map { Content.conversation(.recorded($0)) }
            ?? (answer.isWhole ? .bytes(answer.body) : .replayed(answer))
        self.init(status: answer.status, fields: answer.fields, content: content)
        delay = answer.head
    }

    package init(_ error: ErrorAnswer) {
        self.init(status: error.status, contentType: error.contentType, body: error.body)
        if let type = error.errorType { fields.add("x-amzn-ErrorType", type) }
        if !error.message.isEmpty { why = error.message }
    }

    var takesTime: Bool {
        if case .bytes = content { delay > 0 } else { true }
    }

    /// `seed` is what jitter is drawn from.
    func script(seed: UInt64) -> ScriptedSource {
        switch content {
        case .bytes(let body):
            let head = ResponseHead(status: status, fields: fields, length: .known(body.count))
            return delay > 0
                ? ScriptedSource(.wait(until: delay), then: [.whole(head, body)]) : ScriptedSource(.whole(head, body))
        case .frames, .conversation:
            let head = Step.head(ResponseHead(status: status, fields: fields, length: .unknown))
            let frames: [Step] = if let run = run(seed: seed) { [.frames(run), .end] } else { [.end] }
            return delay > 0
                ? ScriptedSource(.wait(until: delay), then: [head] + frames) : ScriptedSource(head, then: frames)
        case .replayed(let answer):
            let head = ResponseHead(status: status, fields: fields, length: answer.length)
            let frames: [Step] = if let run = run(seed: seed) { [.frames(run)] } else { [] }
            let end = delay.later(by: answer.end - answer.head)
            let began: [Step] = answer.hasHead ? [.head(head)] + frames : []
            return ScriptedSource(.wait(until: delay), then: began + [.wait(until: end), answer.last])
        }
    }

    func record(seed: UInt64) -> ReplyRecord {
        if case .bytes(let body) = content { return ReplyRecord(status: status, fields: fields, body: body) }
        return ReplyRecord(status: status, fields: fields, frames: run(seed: seed))
    }

    private func run(seed: UInt64) -> FrameRun? {
        switch content {
        case .bytes, .conversation: return nil
        case .frames(let script, let after):
            return script.frames.isEmpty ? nil : FrameRun(script: script, start: delay.later(by: after), seed: seed)
        case .replayed(let answer):
            return answer.script.frames.isEmpty ? nil : FrameRun(script: answer.script, start: delay, seed: seed)
        }
    }
}

/// The fields that the service adds to every answer of an agent (wire reference 1.4), and the call's number in the
/// journal. What a reply gives itself stays.
enum ServiceFields {
    static func add(to fields: inout FieldBlock, for call: OpenCall) {
        let (high, low) = (call.chance.next(), call.chance.next())
        if !fields.has("x-amzn-requestid") {
            fields.add("x-amzn-RequestId", count: UUIDText.count) { UUIDText.append(high, low, to: &$0) }
        }
        fields.add("X-Understudy-Call", decimal: call.entry.number)
        if call.sessionKey != nil, let session = call.entry.session {
            fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session)
            if call.protocol == .mcp, !fields.has("mcp-session-id") { fields.add("Mcp-Session-Id", session) }
        }
        if let trace = call.request.value(of: .amznTrace) {
            fields.add("X-Amzn-Trace-Id", trace)
        } else {
            let trace = TraceID(&call.chance, at: call.now.seconds)
            fields.add("X-Amzn-Trace-Id", count: TraceID.count) { trace.append(to: &$0) }
        }
        if let parent = call.request.value(of: .traceParent) { fields.add("traceparent", parent) }
        if let state = call.request.value(of: .traceState) { fields.add("tracestate", state) }
        if let baggage = call.request.value(of: .baggage) { fields.add("baggage", baggage) }
        CrossOrigin.add(to: &fields, for: call.request)
    }
}

/// `Root=1-<8hex>-<24hex>;Parent=<16hex>;Sampled=1`, the first eight digits being the time in seconds.
private struct TraceID {
    static let count = 74

    private let seconds: UInt64
    private let root: (UInt64, UInt64)
    private let parent: UInt64

    init(_ chance: inout Chance, at seconds: Int64) {
        self.seconds = UInt64(bitPattern: seconds)
        root = (chance.next(), chance.next())
        parent = chance.next()
    }

    func append(to text: inout OutputSpan<UInt8>) {
        text.append("Root=1-" as StaticString)
        Hex.append(UInt32(truncatingIfNeeded: seconds), to: &text)
        text.append("-" as StaticString)
        Hex.append(root.0, to: &text)
        Hex.append(UInt32(truncatingIfNeeded: root.1), to: &text)
        text.append(";Parent=" as StaticString)
        Hex.append(parent, to: &text)
        text.append(";Sampled=1" as StaticString)
    }
}

/// What browsers are told (the Fetch standard's CORS protocol), in the service's words (wire reference 1.4).
enum CrossOrigin {
    private static let exposed =
        "smithy-protocol,baggage,WWW-Authenticate,Date,Mcp-Session-Id,X-Amzn-Trace-Id,"
        + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id,Mcp-Protocol-Version,tracestate,x-amzn-ErrorMessage,"
        + "traceparent,x-amzn-RequestId,x-amzn-ErrorType,X-Understudy-Call"

    static func add(to fields: inout FieldBlock, for request: Request) {
        guard request.place(of: .origin) != nil else { return }
        if !fields.has("access-control-allow-origin") { fields.add("Access-Control-Allow-Origin", "*") }
        if !fields.has("access-control-expose-headers") { fields.add("Access-Control-Expose-Headers", exposed) }
    }
}
