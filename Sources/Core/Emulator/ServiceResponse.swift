import Delivery
import HTTPWire
import Journal
import Recording
import Rules
import Runtime

/// What a call is answered with, before it becomes steps.
package struct ServiceResponse {
    package enum Content {
        case bytes([UInt8])
        /// Frames, the first `after` nanoseconds after the head.
        case frames(FrameScript, after: Int64)
        /// As it was recorded, its head included.
        case replayed(ReplayedAnswer)
        /// The head opens a conversation; the script says what is said in it.
        case conversation(Conversation.Speaker)
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
