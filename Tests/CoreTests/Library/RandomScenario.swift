@testable import Library
@testable import Rules
import JSON
import Runtime

/// Scenarios that no person would write, but every file may hold.
struct RandomScenario<Generator: RandomNumberGenerator> {
    var generator: Generator

    mutating func scenario() -> Scenario {
        var scenario = Scenario()
        scenario.agents = list { random, index in random.agent(index) }
        scenario.credentials = list { random, index in
            var credential = Credential(accessKeyId: "AKID\(index)", secretAccessKey: random.text())
            credential.sessionToken = random.maybe { $0.text() }
            credential.expires = random.maybe { _ in "2026-01-15T12:00:00.5+02:00" }
            credential.deny = random.maybe { $0.list { random, _ in random.glob() } }
            return credential
        }
        scenario.users = list { random, index in
            var user = User(username: "user\(index)")
            user.password = random.maybe { $0.text() }
            user.clientId = random.maybe { $0.text() }
            user.clientSecret = user.clientId == nil ? nil : random.maybe { $0.text() }
            user.groups = random.maybe { $0.list { random, _ in random.text() } }
            user.scopes = random.maybe { $0.list { random, _ in "rs/\(random.number(9))" } }
            return user
        }
        scenario.rules = list { random, index in random.rule(index) }
        scenario.faults = list { random, index in random.fault(index) }
        return scenario
    }

    // MARK: small things

    mutating func number(_ most: Int) -> Int { Int.random(in: 0...most, using: &generator) }
    mutating func coin() -> Bool { Bool.random(using: &generator) }
    mutating func pick<Item>(_ items: [Item]) -> Item { items[number(items.count - 1)] }
    mutating func maybe<Item>(_ make: (inout Self) -> Item) -> Item? { coin() ? make(&self) : nil }

    mutating func list<Item>(from least: Int = 0, _ make: (inout Self, Int) -> Item) -> [Item] {
        (0..<(least + number(3))).map { make(&self, $0) }
    }

    mutating func text() -> String {
        let letters = Array("aZ09 \"\\/\n\t\u{1}é🎉{}$,:'")
        return "x" + String((0..<number(8)).map { _ in pick(letters) }).replacing("{{", with: "{")
    }

    mutating func glob() -> String { pick(["*", "a*", "?b", "search_agent-ABCDEFGHIJ", "é*\"\\"]) }
    mutating func duration() -> Duration {
        .nanoseconds(Int64(pick([0, 1, 999, 1_000, 1_500_000, 60_000_000_000, 7_200_000_000_000])))
    }

    mutating func value(_ depth: Int = 3) -> JSON.Value {
        switch number(depth > 0 ? 6 : 4) {
        case 0: .null
        case 1: .bool(coin())
        case 2: .number(pick(["0", "-1.50", "1e400", "12345678901234567890", "-0"]))
        case 3, 4: .string(text())
        case 5: .array(list { random, _ in random.value(depth - 1) })
        default: .object(members(depth - 1))
        }
    }

    mutating func members(_ depth: Int) -> [JSON.Value.Member] {
        list { random, index in JSON.Value.Member("\(index)\(random.text())", random.value(depth)) }
    }

    // MARK: entries

    mutating func agent(_ index: Int) -> Agent {
        var agent = Agent(arn: index == 0 ? "*" : "agent\(index)-ABCDEFGHIJ")
        agent.protocol = maybe { $0.pick(AgentProtocol.allCases) }
        agent.endpoints = maybe { $0.list(from: 1) { _, index in "e\(index)" } }
        agent.auth = maybe { $0.auth() }
        agent.dialect = maybe { $0.pick(Dialect.allCases) }
        agent.session = maybe {
            SessionLimits(
                idleTimeout: $0.maybe { $0.duration() }, maxLifetime: $0.maybe { $0.duration() },
                coldStart: $0.maybe { $0.duration() })
        }
        agent.limits = maybe {
            ServiceLimits(
                sessions: $0.maybe { $0.number(9) }, newSessions: Rate($0.pick(["25/s", "1/10s", ""])),
                rate: Rate($0.pick(["1000/s", "3/m", ""])))
        }
        agent.requestHeaders = maybe { $0.list(from: 1) { _, index in "X-H\(index)*" } }
        agent.forward = maybe { _ in "https://127.0.0.1:8080/a?b" }
        return agent
    }

    mutating func auth() -> Auth {
        var authorizer = JWTAuthorizer(discoveryUrl: "https://h/p/.well-known/oauth-authorization-server/x")
        authorizer.allowedAudience = maybe { $0.list(from: 1) { random, _ in random.text() } }
        authorizer.allowedClients = maybe { $0.list(from: 1) { random, _ in random.text() } }
        authorizer.allowedScopes = maybe { $0.list(from: 1) { _, index in "s/\(index)" } }
        authorizer.advertisedScopeMapping = maybe { $0.list { _, index in JSON.Value.Member("s\(index)", "t") } }
        let claims = [
            CustomClaim(name: "a:b", valueType: .string, operator: .equals, match: .string("x")),
            CustomClaim(name: "c", valueType: .stringArray, operator: .contains, match: .string("x")),
            CustomClaim(name: "d", valueType: .stringArray, operator: .containsAny, match: .list(["x", "y"])),
        ]
        authorizer.customClaims = [pick(claims)]
        return pick([.sigv4, .any, .none, .jwt(authorizer)])
    }

    mutating func rule(_ index: Int) -> Rule {
        var rule = Rule(reply: reply())
        rule.name = maybe { "\($0.text())\(index)" }
        rule.agent = maybe { $0.glob() }
        rule.qualifier = maybe { $0.glob() }
        rule.operation = maybe { $0.pick(["*", "GetAgentCard"]) }
        rule.when = maybe { $0.condition() }
        rule.then = maybe { $0.text() }
        return rule
    }

    mutating func condition() -> Condition {
        var condition = Condition()
        condition.payload = list { random, _ in
            PayloadTest(
                path: random.pick(["$", "$.a[0]['b c'].*", "$[-1]"]), comparison: random.comparison(random.value()))
        }
        condition.header = list { random, index in
            HeaderTest(name: "X-\(index)", comparison: random.comparison(.string(random.text())))
        }
        condition.session = maybe { $0.glob() }
        condition.user = maybe { $0.glob() }
        condition.call = maybe { $0.pick(["1", "2-4", "5+", "every 3", "1, 3 ,9+"]) }
        condition.state = maybe { $0.text() }
        return condition
    }

    mutating func comparison(_ equals: JSON.Value) -> Comparison {
        var comparison = Comparison()
        switch number(3) {
        case 0: comparison.equals = equals
        case 1: comparison.exists = coin()
        default:
            comparison.contains = text()
            comparison.matches = maybe { $0.pick(["^a+$", "\\p{L}{2}", ""]) }
        }
        return comparison
    }

    mutating func reply() -> Reply {
        var reply = Reply(
            pick([
                .json(value()), .text(text()), .base64(Array(text().utf8)), .file("a/b.bin"), .stream(stream()), .echo,
                .error(name: "ConflictException", message: maybe { $0.text() }), .agentError(status: 400 + number(199)),
                .agentError(status: 500 + number(99), initialization: duration()),
            ]))
        reply.status = maybe { 200 + $0.number(399) }
        reply.headers = maybe {
            $0.list { random, index in HeaderLine(name: "X-\(index / 2)", value: random.pick(["", "a b", "é"])) }
        }
        reply.contentType = maybe { _ in "a/b" }
        reply.delay = maybe { $0.duration() }
        return reply
    }

    mutating func stream() -> Stream {
        var stream = Stream()
        stream.firstAfter = maybe { $0.duration() }
        stream.every = maybe { $0.duration() }
        stream.jitter = maybe { Double($0.number(1_000)) / 1_000 }
        stream.events = list { random, index in
            var event = Stream.Event()
            event.comment = "c\(index)"
            if random.coin() { event.data = random.value() } else { event.text = random.maybe { $0.text() } }
            event.event = random.maybe { _ in "e" }
            event.id = random.maybe { _ in "{{uuid}}" }
            event.retry = random.maybe { $0.number(5_000) }
            event.after = random.maybe { $0.duration() }
            return event
        }
        return stream
    }

    mutating func fault(_ index: Int) -> FaultEntry {
        var fault = FaultEntry(fault: pick(FaultReader.names))
        fault.name = maybe { "\($0.text())\(index)" }
        fault.agent = maybe { $0.glob() }
        fault.endpoint = maybe { $0.glob() }
        fault.operation = maybe { _ in "Invoke*" }
        fault.on = maybe { random in
            random.pick([
                [], [JSON.Value.Member("calls", "1-2"), JSON.Value.Member("times", 3)],
                [JSON.Value.Member("chance", .number("0.250")), JSON.Value.Member("from", "5s")],
            ])
        }
        fault.parameters = list { random, index in JSON.Value.Member("p\(index)", random.value()) }
        return fault
    }
}
