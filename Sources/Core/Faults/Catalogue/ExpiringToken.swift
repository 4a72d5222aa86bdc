import Fields
import JSON
import Runtime

/// `expiring-token`: the refusal of a token with less than a minute to live (wire reference 2.3), whatever the caller sent.
struct ExpiringToken: VerdictFault {
    static let word = "expiring-token"
    private static let message = "Ineffectual token, will expire within the next minute"

    init(_ parameters: inout FieldReader) {}

    func refusal(to caller: Caller) -> RefusingAnswer {
        switch caller.dialect ?? .y2025 {
        case .y2025:
            let message = "OAuth authorization failed: \(Self.message)"
            if caller.protocol == .agui { return RefusingAnswer(.accessDenied, message: message, to: caller) }
            return RefusingAnswer(ErrorAnswer(status: 403, errorType: nil, message: message))
        case .y2026:
            return RefusingAnswer(unauthorized(caller), pointsToMetadata: true)
        }
    }

    /// The `id` is the string "null", as it was observed.
    private func unauthorized(_ caller: Caller) -> ErrorAnswer {
        if caller.protocol == .agui { return ErrorAnswer(.unauthorized, message: Self.message, for: .agui) }
        let error: Value = ["code": -32_001, "message": .string(Self.message)]
        let body: Value = ["jsonrpc": "2.0", "error": error, "id": "null"]
        return ErrorAnswer(status: 401, errorType: nil, body: body.compact)
    }
}

extension FaultKind {
    static let expiringToken = FaultKind(ExpiringToken.self)
}
