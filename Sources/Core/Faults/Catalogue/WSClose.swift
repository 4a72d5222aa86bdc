import Delivery
import Fields
import Rules

/// `ws-close`: the server closes the conversation after so many of its messages, with a code and a reason.
struct WSClose: ConversationFault {
    static let word = "ws-close"
    let point: AnswerPoint
    let ending: Step

    init(_ parameters: inout FieldReader) {
        let code = parameters.closeCode("code") ?? 1_011
        let reason = parameters.text("reason", .closeReason) ?? ""
        point = Self.point(&parameters)
        ending = .closeConversation(code: UInt16(code), reason: reason)
    }
}

/// Ends a conversation, and is about nothing else.
protocol ConversationFault: DeliveryFault {
    var point: AnswerPoint { get }
    var ending: Step { get }
}

extension ConversationFault {
    /// `messages` that the server sends first; without any, at once.
    static func point(_ parameters: inout FieldReader) -> AnswerPoint {
        let messages = parameters.integer("messages", 0...Int.max) ?? 0
        return messages == 0 ? .afterHead : .afterFrames(messages)
    }

    func concerns(_ candidate: FaultCandidate) -> Bool {
        candidate.operation == "InvokeAgentRuntimeWithWebSocketStream"
    }

    func bender(_ situation: DeliverySituation) -> any StepBender { CutBender(at: point, then: ending) }
}

extension FaultKind {
    static let wsClose = FaultKind(WSClose.self)
}
