import Bytes
import HTTPWire
import Runtime

/// The name of the call's session: the header's id within the model's limits, or a new one. Whether it lives is asked later.
enum SessionStage {
    static func name(_ call: inout OpenCall, for operation: Operation) -> LineExit? {
        guard operation.session != .none, let agent = call.agent else { return nil }
        if let complaint = complaint(about: call.entry.request) {
            return call.refusal(complaint, reason: "FieldValidationFailed")
        }
        call.entry.user = call.entry.request.text(of: "x-amzn-bedrock-agentcore-runtime-user-id")
        let id = call.entry.session
        if id == nil, operation.session == .required {
            return call.refusal(
                "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
                    + "Member must not be null", reason: "FieldValidationFailed")
        }
        let session = id ?? UUIDText.version4(call.chance.next(), call.chance.next())
        call.entry.session = session
        call.sessionKey = Sessions.Key(agent: agent.arn, id: session)
        return nil
    }

    private static func complaint(about request: borrowing Request) -> String? {
        for limit in MemberLimit.invocation {
            if let place = request.place(of: limit.header), let complaint = limit.complaint(about: place.count) {
                return complaint
            }
        }
        return nil
    }
}
