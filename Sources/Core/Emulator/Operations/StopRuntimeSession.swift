import HTTPWire
import JSON
import Runtime

extension Operation {
    /// Ends a session; the next call with its id begins afresh.
    static let stopRuntimeSession = Operation(
        name: "StopRuntimeSession", routes: [Route(method: "POST", tail: "stopruntimesession")], needsAccess: true,
        session: .required
    ) { (visit, _) throws(Interruption) in
        try checkClientToken(visit)
        guard let key = visit.sessionKey, let agent = visit.agent,
            visit.space.sessions.stop(key, limits: agent.limits, now: visit.now)
        else { throw visit.refusal(.resourceNotFound, "Session not found or has been terminated") }
        visit.space.faults.endSession(agent: key.agent, session: key.id)
        return Response(status: 200, contentType: "application/json", body: Array("{}".utf8))
    }

    /// The body is optional; a `clientToken` in it has 33 to 256 characters.
    private static func checkClientToken(_ visit: borrowing Visit) throws(Interruption) {
        guard !visit.call.request.body.isEmpty else { return }
        guard let body = try? Value.parse(visit.call.request.body), case .object = body else {
            throw visit.refusal(
                .validation, "The request body is not a JSON object",
                extra: [.init("reason", .string("CannotParse"))])
        }
        guard let token = body["clientToken"]?.text,
            let complaint = MemberLimit.clientToken.complaint(about: token.utf8.count)
        else { return }
        throw visit.refusal(.validation, complaint, extra: [.init("reason", .string("FieldValidationFailed"))])
    }
}
