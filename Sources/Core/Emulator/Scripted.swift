import Bytes
import HTTPWire
import Runtime
import Rules

/// Rule; reply. What the library says to a call, as an answer.
extension Understudy {
    /// Nil when no rule matches; the visit then knows the nearest misses.
    func scripted(_ visit: inout Visit) throws(Interruption) -> Response? {
        guard let agent = visit.agent else { return nil }
        let rulesHere = agent.rules(for: visit.call.qualifier, visit.call.operation, in: rules)
        let question = try question(about: rulesHere.target, &visit, agent)
        let (head, fields) = (visit.call.request.head, visit.call.request.fields)
        func header(_ name: [UInt8]) -> ArraySlice<UInt8>? { fields.value(of: name, in: head) }
        var payload = Payload(visit.call.request.body)
        switch rules.match(question, among: rulesHere.candidates, &payload, header: header) {
        case .none(let misses):
            visit.misses = misses
            return nil
        case .rule(let rule):
            visit.call.rule = rules.name(of: rule)
            if let key = visit.sessionKey, let state = rules.nextState(after: rule) {
                visit.space.sessions.move(key, to: state)
            }
            let now = visit.now
            let reply = rules.reply(rule, to: question, &payload, chance: &visit.chance, now: now, header: header)
            return Response(reply, for: &visit)
        }
    }

    private func question(
        about target: Target, _ visit: inout Visit, _ agent: KnownAgent
    ) throws(Interruption) -> Question {
        let (session, user) = (visit.call.session, visit.call.user)
        guard let key = visit.sessionKey else { return Question(target: target, session: session, user: user) }
        let living = try enter(key, of: agent, &visit)
        return Question(target: target, session: session, user: user, call: living.calls, state: living.state)
    }

    /// A call that the library has no answer for is a mistake in the library or the client: it says which rules were
    /// nearest, and why each of them failed.
    func nothingMatched(_ visit: borrowing Visit) -> Interruption {
        let target = Target(
            agent: visit.agent?.id ?? "", arn: visit.call.agent ?? "", qualifier: visit.call.qualifier ?? "DEFAULT")
        return visit.refusal(
            .resourceNotFound,
            NearMisses.message(visit.misses, for: target, libraryHasRules: rules.count > 0))
    }
}

extension Response {
    init(_ reply: consuming RenderedReply, for visit: inout Visit) {
        switch reply.body {
        case .bytes(let body): self.init(status: reply.status ?? 200, fields: FieldBlock(), content: .bytes(body))
        case .stream(let script, let firstAfter):
            self.init(
                status: reply.status ?? 200, fields: FieldBlock(), content: .frames(script, after: firstAfter))
        case .serviceError(let name, let message):
            let error = ServiceError.named(name) ?? .internalServer
            self.init(ErrorAnswer(error, message: message, for: visit.protocol, requestID: visit.requestID))
            status = reply.status ?? status
        case .agentError(let agentStatus, let initialization):
            let message = AgentFailure.answer(&visit, status: agentStatus, initialization: initialization)
            self.init(
                ErrorAnswer(.runtimeClient, message: message, for: visit.protocol, requestID: visit.requestID))
        }
        if let type = reply.contentType {
            if !fields.bytes.isEmpty { fields.remove("Content-Type") }
            fields.add("Content-Type", type)
        }
        for header in reply.headers { fields.add(name: header.name, value: header.value) }
        delay = reply.delay
    }
}
