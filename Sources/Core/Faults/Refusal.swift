import JSON
import Rules
import Runtime

/// The answer that a fault gives instead of the agent.
package struct Refusal: Equatable, Sendable {
    package var answer: ErrorAnswer
    /// Fields beside the service's own.
    package var fields: [HeaderLine]
    /// Whether `WWW-Authenticate` names the agent's protected-resource metadata.
    package var pointsToMetadata: Bool

    init(_ answer: ErrorAnswer, fields: [HeaderLine] = [], pointsToMetadata: Bool = false) {
        self.answer = answer
        self.fields = fields
        self.pointsToMetadata = pointsToMetadata
    }

    /// A service error as this caller sees it.
    init(_ error: ServiceError, message: String? = nil, to caller: Caller) {
        self.init(
            ErrorAnswer(
                error, message: message, for: caller.protocol, dialect: caller.dialect, requestID: caller.requestID))
    }
}
