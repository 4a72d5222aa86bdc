import Bytes
import Fields
import HTTPWire
import Runtime
import Rules
import Library
import Time

/// Rule; reply. What the library says to a call, as an answer.
enum RuleStage {
    enum Finding {
        case reply(ServiceResponse)
        /// No rule matches; these came nearest.
        case nothing([NearMiss])
    }

    static func answer(_ call: OpenCall, _ library: LibrarySnapshot) -> Finding {
        guard let agent = call.agent else { return .nothing([]) }
        let rulesHere = agent.rules(for: call.endpoint, call.entry.operation, in: library.rules)
        let question = question(about: rulesHere.target, call)
        let (head, fields) = (call.request.head, call.request.fields)
        func header(_ name: [UInt8]) -> ArraySlice<UInt8>? { fields.value(of: name, in: head) }
        var payload = Payload(call.request.body)
        switch library.rules.match(question, among: rulesHere.candidates, &payload, header: header) {
        case .none(let misses): return .nothing(misses)
        case .rule(let rule):
            call.entry.rule = library.rules.name(of: rule)
            if let key = call.sessionKey, let state = library.rules.nextState(after: rule) {
                call.space.sessions.move(key, to: state)
            }
            let reply = library.rules.reply(
                rule, to: question, &payload, chance: &call.chance, now: call.now, header: header)
            var response = ServiceResponse(reply, for: call)
            response.why = passedOver(payload.effort.givenUp)
            return .reply(response)
        }
    }

    /// A rule that was not told to match because of what its expression costs may be the one that was meant.
    private static func passedOver(_ givenUp: [String]) -> String? {
        guard !givenUp.isEmpty else { return nil }
        let list = givenUp.map { Excerpt.of(.string($0)) }.joined(separator: ", ")
        return "rules were passed over: whether the call matches \(list) was given up after \(SearchEffort.most) steps"
    }

    static func question(about target: Target, _ call: OpenCall) -> Question {
        let (session, user) = (call.entry.session, call.entry.user)
        guard let living = call.session else { return Question(target: target, session: session, user: user) }
        return Question(target: target, session: session, user: user, call: living.calls, state: living.state)
    }
}

extension ServiceResponse {
    fileprivate init(_ reply: consuming RenderedReply, for call: OpenCall) {
        switch reply.body {
        case .bytes(let body): self.init(status: reply.status ?? 200, fields: FieldBlock(), content: .bytes(body))
        case .stream(let script, let firstAfter):
            self.init(
                status: reply.status ?? 200, fields: FieldBlock(), content: .frames(script, after: firstAfter))
        case .conversation(let script):
            self.init(status: 200, fields: FieldBlock(), content: .conversation(.script(script)))
        case .serviceError(let name, let message):
            let error = ServiceError.named(name) ?? .internalServer
            self.init(call.errorAnswer(error, message))
            status = reply.status ?? status
        case .agentError(let agentStatus, let initialization):
            let message = AgentFailure.answer(call, status: agentStatus, initialization: initialization)
            self.init(call.errorAnswer(.runtimeClient, message))
        }
        if let type = reply.contentType {
            if !fields.bytes.isEmpty { fields.remove("Content-Type") }
            fields.add("Content-Type", type)
        }
        for header in reply.headers { fields.add(name: header.name, value: header.value) }
        delay = reply.delay
        // The journal tells the rule.
        why = nil
    }
}

/// What the platform makes of a failing agent (wire reference 2.3): its status in a sentence, its body kept back.
enum AgentFailure {
    static func message(status: Int) -> String {
        "Received error (\(status)) from runtime. Please check your CloudWatch logs for more information."
    }

    /// Observed: on a new session the platform takes a 5xx for a failed initialization, and asks again until the agent's
    /// time to begin is over; "cached failure answers in ~2 s afterwards".
    static let cachedAfter = Duration.seconds(2)

    /// `initialization` is that time; without it the platform tells the status at once.
    /// Either way the call learns what has to be waited for.
    static func answer(_ call: OpenCall, status: Int, initialization: Duration?) -> String {
        guard let initialization, status >= 500, let session = call.session else { return message(status: status) }
        if session.calls == 1 {
            call.provision(for: initialization, fails: true)
        } else if session.hasFailed {
            call.provisioned = min(cachedAfter, initialization).nanoseconds
        } else {
            return message(status: status)
        }
        return message(initialization: initialization)
    }

    static func message(initialization: Duration) -> String {
        let seconds = (initialization.nanoseconds + 999_999_999) / 1_000_000_000
        return "Runtime initialization time exceeded. Please make sure that initialization completes in \(seconds)s."
    }
}
