import JSON
import Runtime
import Rules
import Library

/// Scenarios of every shape the model has, drawn from a seed: what is left out, what is empty and what is there.
struct RandomScenario<Generator: RandomNumberGenerator> {
    var generator: Generator

    mutating func scenario() -> Scenario {
        var scenario = Scenario()
        scenario.agents = list { $0.agent() }
        scenario.credentials = list { $0.credential() }
        scenario.users = list { $0.user() }
        scenario.rules = list { $0.rule() }
        scenario.faults = list { $0.fault() }
        for _ in 0..<below(3) { scenario.files[text()] = bytes() }
        return scenario
    }

    // MARK: Parts

    private mutating func agent() -> Agent {
        var agent = Agent(arn: text())
        agent.protocol = maybe { AgentProtocol.allCases[$0.below(4)] }
        agent.endpoints = maybe { $0.texts() }
        agent.auth = maybe { $0.auth() }
        agent.dialect = maybe { Dialect.allCases[$0.below(2)] }
        agent.session = maybe {
            SessionLimits(
                idleTimeout: $0.maybe { $0.duration() }, maxLifetime: $0.maybe { $0.duration() },
                coldStart: $0.maybe { $0.duration() })
        }
        agent.limits = maybe {
            ServiceLimits(
                sessions: $0.maybe { $0.below(9) }, newSessions: $0.below(2) == 0 ? Rate("25/s") : nil,
                rate: $0.below(2) == 0 ? Rate("1/10s") : nil)
        }
        agent.requestHeaders = maybe { $0.texts() }
        agent.forward = maybe { $0.text() }
        return agent
    }

    private mutating func auth() -> Auth {
        switch below(4) {
        case 0: return .sigv4
        case 1: return .any
        case 2: return Auth.none
        default:
            var authorizer = JWTAuthorizer(
                discoveryUrl: "https://id.example/\(below(9))/.well-known/openid-configuration")
            authorizer.allowedClients = [word()]
            authorizer.allowedAudience = maybe { [$0.word(), $0.word()] }
            authorizer.allowedScopes = maybe { [$0.word()] }
            authorizer.advertisedScopeMapping = maybe { [.init($0.word(), .string($0.word()))] }
            authorizer.customClaims = maybe { $0.list { $0.claim() } }
            return .jwt(authorizer)
        }
    }

    private mutating func claim() -> CustomClaim {
        let name = "custom:" + word()
        switch below(3) {
        case 0: return CustomClaim(name: name, valueType: .string, operator: .equals, match: .string(word()))
        case 1: return CustomClaim(name: name, valueType: .stringArray, operator: .contains, match: .string(word()))
        default:
            return CustomClaim(
                name: name, valueType: .stringArray, operator: .containsAny, match: .list([word(), word()]))
        }
    }

    private mutating func credential() -> Credential {
        var credential = Credential(accessKeyId: text(), secretAccessKey: text())
        credential.sessionToken = maybe { $0.text() }
        credential.expires = maybe { $0.text() }
        credential.deny = maybe { $0.texts() }
        return credential
    }

    private mutating func user() -> User {
        var user = User(username: text())
        user.password = maybe { $0.text() }
        user.clientId = maybe { $0.text() }
        user.clientSecret = maybe { $0.text() }
        user.groups = maybe { $0.texts() }
        user.scopes = maybe { $0.texts() }
        return user
    }

    private mutating func rule() -> Rule {
        var rule = Rule(reply: reply())
        rule.name = maybe { $0.text() }
        rule.agent = maybe { $0.text() }
        rule.qualifier = maybe { $0.text() }
        rule.operation = maybe { $0.text() }
        rule.when = maybe { $0.condition() }
        rule.then = maybe { $0.text() }
        return rule
    }

    private mutating func condition() -> Condition {
        var condition = Condition()
        condition.payload = list { PayloadTest(path: $0.text(), comparison: $0.comparison()) }
        condition.header = list { HeaderTest(name: $0.text(), comparison: $0.comparison()) }
        condition.session = maybe { $0.text() }
        condition.user = maybe { $0.text() }
        condition.call = maybe { $0.text() }
        condition.state = maybe { $0.text() }
        return condition
    }

    private mutating func comparison() -> Comparison {
        var comparison = Comparison()
        comparison.equals = maybe { $0.json() }
        comparison.contains = maybe { $0.text() }
        comparison.matches = maybe { $0.text() }
        comparison.exists = maybe { $0.below(2) == 0 }
        return comparison
    }

    private mutating func reply() -> Reply {
        var reply = Reply(replyKind())
        reply.status = maybe { $0.number() }
        reply.headers = maybe { $0.list { HeaderLine(name: $0.text(), value: $0.text()) } }
        reply.contentType = maybe { $0.text() }
        reply.delay = maybe { $0.duration() }
        return reply
    }

    private mutating func replyKind() -> Reply.Kind {
        switch below(8) {
        case 0: return .json(json())
        case 1: return .text(text())
        case 2: return .base64(bytes())
        case 3: return .file(text())
        case 4: return .echo
        case 5: return .error(name: text(), message: maybe { $0.text() })
        case 6: return .agentError(status: number(), initialization: maybe { $0.duration() })
        default:
            var stream = Stream()
            stream.firstAfter = maybe { $0.duration() }
            stream.every = maybe { $0.duration() }
            stream.jitter = maybe { Double.random(in: 0...1, using: &$0.generator) }
            stream.events = list { $0.event() }
            return .stream(stream)
        }
    }

    private mutating func event() -> Stream.Event {
        var event = Stream.Event()
        event.data = maybe { $0.json() }
        if event.data == nil { event.text = maybe { $0.text() } }
        event.event = maybe { $0.text() }
        event.id = maybe { $0.text() }
        event.retry = maybe { $0.number() }
        event.comment = maybe { $0.text() }
        event.after = maybe { $0.duration() }
        return event
    }

    private mutating func fault() -> FaultEntry {
        var fault = FaultEntry(fault: text())
        fault.name = maybe { $0.text() }
        fault.agent = maybe { $0.text() }
        fault.endpoint = maybe { $0.text() }
        fault.operation = maybe { $0.text() }
        fault.on = maybe { $0.members() }
        fault.parameters = members()
        return fault
    }

    // MARK: Grains

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        below(2) == 0 ? nil : make(&self)
    }

    private mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<below(4)).map { _ in make(&self) }
    }

    mutating func text() -> String {
        let pieces = [
            "", "a", "*", "'", "\"", "\n", "\0", "\u{1F363}", "é", "e\u{301}", "NULL", "; DROP TABLE rules", "\\u0000",
            "$.x", "1", " ",
        ]
        return (0..<below(4)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    private mutating func word() -> String { "word_\(below(1_000))" }

    private mutating func texts() -> [String] { list { $0.text() } }

    private mutating func bytes() -> [UInt8] {
        (0..<below(20)).map { _ in .random(in: .min ... .max, using: &generator) }
    }

    private mutating func number() -> Int { [0, 1, 200, -1, Int.max, Int.min][below(6)] }

    private mutating func duration() -> Duration {
        .nanoseconds([0, 1, 999, 1_000_000, 1_500_000_000, 3_600_000_000_000, 90_000_000_001][below(7)])
    }

    private mutating func members() -> [JSON.Value.Member] { list { .init($0.text(), $0.json()) } }

    mutating func json(depth: Int = 0) -> JSON.Value {
        switch below(depth > 3 ? 4 : 6) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .number(["0", "-0", "1.50", "1e400", "-12E-3", "123456789012345678901234567890"][below(6)])
        case 3: return .string(text())
        case 4: return .array((0..<below(4)).map { _ in json(depth: depth + 1) })
        default: return .object((0..<below(4)).map { _ in .init(text(), json(depth: depth + 1)) })
        }
    }
}
