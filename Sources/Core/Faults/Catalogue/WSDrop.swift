import Delivery
import Fields

/// `ws-drop`: the connection of a conversation ends after so many of the server's messages, without a close: RFC 6455
/// 7.1.5 has the code 1006 for what the client then sees.
struct WSDrop: ConversationFault {
    static let word = "ws-drop"
    let point: AnswerPoint
    let ending = Step.close

    init(_ parameters: inout FieldReader) { point = Self.point(&parameters) }
}

extension FaultKind {
    static let wsDrop = FaultKind(WSDrop.self)
}
