import JSON
import Library
import Rules
import Runtime

/// Scenarios that no person would write, drawn from a generator: what is left out, what is empty and what is there.
package struct RandomScenario<Generator: RandomNumberGenerator> {
    package enum Shape: Sendable {
        /// What a scenario file may say. Of its faults only the words are sure to be known.
        case valid
        /// What the model can hold, also what no file's reader would let through.
        case any
    }

    package var generator: Generator
    let shape: Shape
    private let faults: [String]

    /// `faults` are the words of the fault catalogue.
    package init(_ shape: Shape, faults: [String], generator: Generator) {
        self.shape = shape
        self.faults = faults
        self.generator = generator
    }

    package mutating func scenario() -> Scenario {
        var scenario = Scenario()
        scenario.agents = list { random, index in random.agent(index) }
        scenario.credentials = list { random, index in random.credential(index) }
        scenario.users = list { random, index in random.user(index) }
        scenario.parameters = list { random, index in random.parameter(index) }
        scenario.rules = list { random, index in random.rule(index) }
        scenario.faults = list { random, index in random.fault(index) }
        scenario.recordings = list { random, index in random.run(index) }
        scenario.recorded = scenario.recordings.flatMap { run in list { random, _ in random.call(run.name) } }
        scenario.replay.volatile = list { random, index in random.valid("$.a\(index)") }
        scenario.replay.headers = list { random, index in random.valid("X-\(index)") }
        if shape == .any { for _ in 0..<number(2) { scenario.files[wild()] = bytes() } }
        return scenario
    }

    // MARK: Who is called, and who may call

    private mutating func parameter(_ index: Int) -> Parameter {
        Parameter(name: "/p\(index)/name", kind: pick(Parameter.Kind.allCases), value: valid("value"))
    }

    private mutating func agent(_ index: Int) -> Agent {
        var agent = Agent(arn: valid(index == 0 ? "*" : "agent\(index)-ABCDEFGHIJ"))
        agent.protocol = maybe { $0.pick(AgentProtocol.allCases) }
        agent.endpoints = maybe { $0.texts { "e\($0)" } }
        agent.auth = maybe { $0.auth() }
        agent.dialect = maybe { $0.pick(Dialect.allCases) }
        agent.session = maybe {
            SessionLimits(
                idleTimeout: $0.maybe { $0.duration() }, maxLifetime: $0.maybe { $0.duration() },
                coldStart: $0.maybe { $0.coldStart() }, initialization: $0.maybe { $0.duration() },
                stopTakes: $0.maybe { $0.duration() })
        }
        agent.limits = maybe {
            ServiceLimits(
                sessions: $0.maybe { $0.number(9) }, newSessions: Rate($0.pick(["25/s", "1/10s", ""])),
                rate: Rate($0.pick(["1000/s", "3/m", ""])), request: $0.maybe { $0.duration() },
                stream: $0.maybe { $0.duration() }, retryAfter: $0.maybe { $0.duration() })
        }
        agent.requestHeaders = maybe { $0.texts { "X-H\($0)*" } }
        agent.forward = maybe { $0.valid("https://127.0.0.1:8080/a") }
        return agent
    }

    private mutating func coldStart() -> ColdStartTime {
        coin() ? .always(duration()) : .ordinal(first: 1 + number(9), duration(), then: duration())
    }

    /// What stands in it is read as in a file, whatever the shape.
    private mutating func auth() -> Auth {
        var authorizer = JWTAuthorizer(discoveryUrl: "https://h/\(number(9))/.well-known/oauth-authorization-server/x")
        authorizer.allowedAudience = maybe { $0.list(from: 1) { _, index in "audience \(index)" } }
        authorizer.allowedClients = maybe { $0.list(from: 1) { _, index in "client \(index)" } }
        authorizer.allowedScopes = maybe { $0.list(from: 1) { _, index in "s/\(index)" } }
        authorizer.advertisedScopeMapping = maybe { $0.list { _, index in .init("s\(index)", "t") } }
        let claims = [
            CustomClaim(name: "a:b", valueType: .string, operator: .equals, match: .string("x")),
            CustomClaim(name: "c", valueType: .stringArray, operator: .contains, match: .string("x")),
            CustomClaim(name: "d", valueType: .stringArray, operator: .containsAny, match: .list(["x", "y"])),
        ]
        authorizer.customClaims = [pick(claims)]
        return pick([.sigv4, .any, .none, .jwt(authorizer)])
    }

    private static var actions: [String] { ["bedrock-agentcore:StopRuntimeSession", "bedrock-agentcore:*", "*"] }

    private mutating func credential(_ index: Int) -> Credential {
        var credential = Credential(accessKeyId: valid("AKID\(index)"), secretAccessKey: text())
        credential.sessionToken = maybe { $0.text() }
        credential.expires = maybe { $0.valid("2026-01-15T12:00:00.5+02:00") }
        credential.deny = maybe { $0.list { random, _ in random.valid(random.pick(Self.actions)) } }
        return credential
    }

    private mutating func user(_ index: Int) -> User {
        var user = User(username: valid("user\(index)"))
        user.password = maybe { $0.text() }
        user.clientId = maybe { $0.text() }
        if user.clientId != nil || shape == .any { user.clientSecret = maybe { $0.text() } }
        user.groups = maybe { $0.list { random, _ in random.text() } }
        if user.clientId != nil || shape == .any {
            user.redirectUris = maybe {
                $0.list { random, _ in random.valid("http://127.0.0.1:\(random.number(9))/back") }
            }
        }
        user.scopes = maybe { $0.list { random, _ in random.valid("rs/\(random.number(9))") } }
        return user
    }

    // MARK: Rules

    private mutating func rule(_ index: Int) -> Rule {
        var rule = Rule(reply: reply())
        rule.name = maybe { "\($0.text())\(index)" }
        rule.agent = maybe { $0.glob() }
        rule.qualifier = maybe { $0.glob() }
        rule.operation = maybe { $0.valid($0.pick(["*", "GetAgentCard"])) }
        if rule.reply.kind is WebSocketReply { rule.operation = "InvokeAgentRuntimeWithWebSocketStream" }
        rule.when = maybe { $0.condition() }
        rule.then = maybe { $0.text() }
        return rule
    }

    mutating func condition() -> Condition {
        var condition = Condition()
        condition.payload = list { random, _ in
            let path = random.valid(random.pick(["$", "$.a[0]['b c'].*", "$[-1]"]))
            return PayloadTest(path: path, comparison: random.comparison(random.value()))
        }
        condition.header = list { random, index in
            HeaderTest(name: random.valid("X-\(index)"), comparison: random.comparison(.string(random.text())))
        }
        condition.session = maybe { $0.glob() }
        condition.user = maybe { $0.glob() }
        condition.call = maybe { $0.valid($0.pick(["1", "2-4", "5+", "every 3", "1, 3 ,9+"])) }
        condition.state = maybe { $0.text() }
        return condition
    }

    private mutating func comparison(_ equals: Value) -> Comparison {
        let expression = valid(pick(["^a+$", "\\p{L}{2}", ""]))
        if shape == .any {
            let all: [StoredValue?] = [
                maybe { _ in .json(equals) }, maybe { .text($0.text()) }, maybe { _ in .text(expression) },
                maybe { .truth($0.coin()) },
            ]
            return Comparison(stored: all)
        }
        return switch number(4) {
        case 0: Comparison(Equals(equals))
        case 1: Comparison(Exists(coin()))
        case 2: Comparison(Contains(text()))
        case 3: Comparison(Matches(expression), Exists(true))
        default: Comparison(Contains(text()), Matches(expression))
        }
    }

    // MARK: Faults

    private mutating func fault(_ index: Int) -> FaultEntry {
        var fault = FaultEntry(fault: valid(pick(faults)))
        fault.name = maybe { "\($0.text())\(index)" }
        fault.agent = maybe { $0.glob() }
        fault.endpoint = maybe { $0.glob() }
        fault.operation = maybe { $0.valid("Invoke*") }
        fault.on = maybe { $0.shape == .any ? $0.members(2) : $0.moments() }
        fault.parameters = list { random, index in .init("p\(index)", random.value()) }
        return fault
    }

    private mutating func moments() -> [Value.Member] {
        pick([
            [], [.init("calls", "1-2"), .init("times", 3)], [.init("chance", .number("0.250")), .init("from", "5s")],
        ])
    }

    // MARK: Grains

    mutating func number(_ most: Int) -> Int { Int.random(in: 0...most, using: &generator) }
    mutating func coin() -> Bool { Bool.random(using: &generator) }
    mutating func pick<Item>(_ items: [Item]) -> Item { items[number(items.count - 1)] }
    mutating func maybe<Item>(_ make: (inout Self) -> Item) -> Item? { coin() ? make(&self) : nil }

    mutating func list<Item>(from least: Int = 0, _ make: (inout Self, Int) -> Item) -> [Item] {
        (0..<(least + number(3))).map { make(&self, $0) }
    }

    private mutating func texts(_ make: (Int) -> String) -> [String] {
        list(from: shape == .valid ? 1 : 0) { random, index in random.valid(make(index)) }
    }

    /// This text where only such a one is valid.
    mutating func valid(_ text: String) -> String { shape == .valid ? text : wild() }

    private mutating func glob() -> String { valid(pick(["*", "a*", "?b", "search_agent-ABCDEFGHIJ", "é*\"\\"])) }

    mutating func text() -> String {
        guard shape == .valid else { return wild() }
        let letters = Array("aZ09 \"\\/\n\t\u{1}é🎉{}$,:'").map { String($0) }
        return "x" + (0..<number(8)).map { _ in pick(letters) }.joined().replacing("{{", with: "{")
    }

    private mutating func wild() -> String {
        let pieces = [
            "", "a", "*", "'", "\"", "\n", "\0", "\u{1F363}", "é", "e\u{301}", "NULL", "; DROP TABLE rules", "\\u0000",
            "$.x", "1", " ",
        ]
        return (0..<number(3)).map { _ in pick(pieces) }.joined()
    }

    mutating func bytes() -> [UInt8] {
        (0..<number(20)).map { _ in .random(in: .min ... .max, using: &generator) }
    }

    mutating func duration() -> Duration {
        .nanoseconds(Int64(pick([0, 1, 999, 1_000, 1_500_000, 60_000_000_000, 90_000_000_001, 7_200_000_000_000])))
    }

    private mutating func members(_ depth: Int) -> [Value.Member] {
        list { random, index in .init("\(index)\(random.text())", random.value(depth)) }
    }

    package mutating func value(_ depth: Int = 3) -> Value {
        switch number(depth > 0 ? 6 : 4) {
        case 0: .null
        case 1: .bool(coin())
        case 2: .number(pick(["0", "-1.50", "1e400", "-12E-3", "123456789012345678901234567890", "-0"]))
        case 3, 4: .string(text())
        case 5: .array(list { random, _ in random.value(depth - 1) })
        default: .object(members(depth - 1))
        }
    }
}
