import HTTPWire
import Library
import Recording
import Runtime

/// Recordings; answer. What a recorded call was answered with, for one that asks the same.
enum ReplayStage {
    enum Finding {
        case reply(ServiceResponse)
        /// No recorded call answers. Why not, where there are any.
        case nothing(String?)
    }

    static func answer(_ call: OpenCall, _ library: LibrarySnapshot) -> Finding {
        let book = library.recordings
        guard !book.isEmpty, let agent = call.agent, let key = call.sessionKey else { return .nothing(nil) }
        let (head, fields) = (call.request.head, call.request.fields)
        let question = ReplayQuestion(
            agent: agent.arn, id: agent.id, qualifier: call.endpoint, operation: call.entry.operation ?? "",
            body: call.request.body
        ) { fields.value(of: $0, in: head) }
        let ready = call.space.replay.take(question, session: key.id, isGiven: call.namesSession, from: book)
        guard let ready else { return .nothing(ReplayMiss.message(question, in: book)) }
        call.entry.recording = ready.recorded.recording ?? ReadyCall.unnamed
        return .reply(ServiceResponse(ready.answer(session: key.id, requestID: question.requestID)))
    }
}

extension OpenCall {
    /// Whether the caller sent the session's id, and did not get it.
    fileprivate var namesSession: Bool {
        request.place(of: .session) != nil
            || `protocol` == .mcp && request.place(of: .mcpSession) != nil
    }
}
