import HTTPWire
import JSON
import Runtime

extension Operation {
    /// Ends a session; the next call with its id begins afresh.
    static let stopRuntimeSession = Operation(
        name: "StopRuntimeSession", routes: [Route(method: "POST", tail: "stopruntimesession")], needsAccess: true,
        session: .required
    ) { call, _, _ in
        switch clientToken(of: call) {
        case .refused(let exit): exit
        case .given(let token): stop(call, token: token)
        }
    }

    private static func stop(_ call: OpenCall, token: String?) -> LineExit {
        let exit = stopHere(call, token: token)
        // The session lives on the other side too, and whether it does is for that side to say.
        return call.destination?.kind == .service ? ForwardStage.pass(call) ?? exit : exit
    }

    private static func stopHere(_ call: OpenCall, token: String?) -> LineExit {
        guard let key = call.sessionKey, let agent = call.agent else { return unknownSession(call) }
        let now = SessionMoment(server: call.now, real: call.realNow)
        var response = ServiceResponse(status: 200, contentType: "application/json", body: Array("{}".utf8))
        // Others measured 3.4 to 12 s until it answers.
        let takes = agent.settings.session?.stopTakes
        switch call.space.sessions.stop(
            key, token: token, limits: agent.limits, now: now, until: takes.map(call.moment))
        {
        case .stopped(let maker):
            response.delay = min(takes ?? .zero, OpenCall.longest).nanoseconds
            call.endsSession = maker
            call.space.faults.endSession(agent: key.agent, session: key.id)
        case .repeated: break
        case .mismatched:
            return call.refusal(
                Violation(
                    "The clientToken was used before to stop another session", reason: .idempotentParameterMismatch))
        case .provisioning: return call.refusal(.retryableConflict)
        case .absent: return unknownSession(call)
        }
        return .answered(response)
    }

    private static func unknownSession(_ call: OpenCall) -> LineExit {
        call.refusal(.resourceNotFound, "Session not found or has been terminated")
    }

    private enum GivenToken {
        case given(String?)
        case refused(LineExit)
    }

    /// The body is optional, and so is the `clientToken` in it, of 33 to 256 characters.
    private static func clientToken(of call: OpenCall) -> GivenToken {
        guard !call.request.body.isEmpty else { return .given(nil) }
        guard let body = try? Value.parse(call.request.body), case .object = body else {
            return .refused(call.refusal(Violation("The request body is not a JSON object", reason: .cannotParse)))
        }
        guard let member = body["clientToken"], member != .null else { return .given(nil) }
        guard let token = member.text else {
            return .refused(call.refusal(Violation("The clientToken is not a string", reason: .cannotParse)))
        }
        guard let violation = ClientToken.violation(of: token) else { return .given(token) }
        return .refused(call.refusal(violation))
    }
}
