import HTTPWire
import JSON
import Runtime

extension Operation {
    /// Ends a session; the next call with its id begins afresh.
    static let stopRuntimeSession = Operation(
        name: "StopRuntimeSession", routes: [Route(method: "POST", tail: "stopruntimesession")], needsAccess: true,
        session: .required
    ) { (visit, _) throws(Interruption) in
        let token = try clientToken(of: visit)
        guard let key = visit.sessionKey, let agent = visit.agent else {
            throw visit.refusal(.resourceNotFound, "Session not found or has been terminated")
        }
        let now = Moment(server: visit.now, real: visit.realNow)
        switch visit.space.sessions.stop(key, token: token, limits: agent.limits, now: now) {
        case .stopped(let maker):
            visit.endsSession = maker
            visit.space.faults.endSession(agent: key.agent, session: key.id)
        case .repeated: break
        case .mismatched:
            throw visit.refusal(
                .validation, "The clientToken was used before to stop another session",
                extra: [.init("reason", .string("IdempotentParameterMismatchException"))])
        case .provisioning: throw visit.refusal(.retryableConflict)
        case .absent: throw visit.refusal(.resourceNotFound, "Session not found or has been terminated")
        }
        return Response(status: 200, contentType: "application/json", body: Array("{}".utf8))
    }

    /// The body is optional, and so is the `clientToken` in it, of 33 to 256 characters.
    private static func clientToken(of visit: borrowing Visit) throws(Interruption) -> String? {
        guard !visit.call.request.body.isEmpty else { return nil }
        guard let body = try? Value.parse(visit.call.request.body), case .object = body else {
            throw visit.refusal(
                .validation, "The request body is not a JSON object",
                extra: [.init("reason", .string("CannotParse"))])
        }
        guard let member = body["clientToken"], member != .null else { return nil }
        guard let token = member.text else {
            throw visit.refusal(
                .validation, "The clientToken is not a string", extra: [.init("reason", .string("CannotParse"))])
        }
        guard let complaint = MemberLimit.clientToken.complaint(about: token.utf8.count) else { return token }
        throw visit.refusal(.validation, complaint, extra: [.init("reason", .string("FieldValidationFailed"))])
    }
}
