import Bytes
import HTTPWire
import Runtime

/// The name of the call's session: the header's id within the model's limits, or a new one. Whether it lives is asked later.
enum SessionStage {
    static func name(_ call: OpenCall, for operation: Operation) -> LineExit? {
        guard operation.session != .none, let agent = call.agent else { return nil }
        if let violation = violation(in: call.request, operation.limits) { return call.refusal(violation) }
        call.entry.user = call.request.text(of: .user)
        let id = call.entry.session
        // By a parameter: a header's length was looked at.
        if let id, operation.takesParameters,
            let violation = MemberLimit.runtimeSession.violation(ofLength: id.utf8.count)
        {
            return call.refusal(violation)
        }
        if id == nil, operation.session == .required { return call.refusal(.sessionMissing) }
        if let id, id.utf8.count > MemberLimit.longestSessionOfAnswers {
            call.entry.why =
                "the session id has \(id.utf8.count) characters: in the service's model of answers it has "
                + "\(MemberLimit.longestSessionOfAnswers) at most"
        }
        let session = id ?? UUIDText.version4(call.chance.next(), call.chance.next())
        call.entry.session = session
        call.sessionKey = Sessions.Key(agent: agent.arn, id: session)
        return nil
    }

    private static func violation(in request: borrowing Request, _ limits: [MemberLimit]) -> Violation? {
        for limit in limits {
            if let header = limit.header, let place = request.place(of: header),
                let violation = limit.violation(ofLength: place.count)
            {
                return violation
            }
        }
        return nil
    }
}
