import Emulator
import JSON
import Runtime
import Support
import Testing

@testable import Library
@testable import Rules

@Suite("Scenario files") struct ScenarioFileTests {
    @Test("the file of the contract is read as it is meant")
    func contract() throws {
        let scenario = try fileHolding(
            #"""
            "agents": [{
              "arn": "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ", // or "*"
              "protocol": "HTTP", "endpoints": ["DEFAULT", "prod"], "auth": "sigv4", "dialect": "2025",
              "session": {"idleTimeout": "15m", "maxLifetime": "8h", "coldStart": "1.8s"},
              "requestHeaders": ["Authorization", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-*"],
              "forward": "http://127.0.0.1:8080"
            }],
            "credentials": [{"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "s", "sessionToken": "t",
                             "expires": "2026-01-15T12:00:00Z", "deny": ["bedrock-agentcore:StopRuntimeSession"]}],
            "users": [{"username": "anna", "password": "p", "clientId": "c", "groups": []}],
            "rules": [{
              "name": "sushi", "agent": "restaurant_search_agent-*", "qualifier": "DEFAULT",
              "when": {
                "payload": [{"path": "$.prompt", "contains": "sushi"}],
                "header": {"X-Amzn-Bedrock-AgentCore-Runtime-User-Id": {"equals": "u1"}},
                "session": "glob", "user": "glob", "call": "1", "state": "asked",
              },
              "then": "answered",
              "reply": {"json": {"response": {"role": "assistant", "content": [{"text": "You said {{payload.prompt}}"}]}}}
            }, {
              "name": "stream",
              "reply": {"stream": {"firstAfter": "400ms", "every": "30ms", "jitter": 0.2,
                        "events": [{"data": {"data": "Hel"}}, {"data": {"data": "lo"}, "after": "100ms"}]}}
            }],
            /* between */
            "faults": [{"name": "expired at first", "agent": "*", "operation": "InvokeAgentRuntime",
                        "on": {"calls": "1-2"}, "fault": "expiring-token"}],
            """#)
        #expect(
            scenario.agents[0].session?.coldStart == .always(.milliseconds(1_800)) && scenario.agents[0].auth == .sigv4)
        #expect(scenario.credentials[0].deny == ["bedrock-agentcore:StopRuntimeSession"])
        #expect(scenario.users[0].groups == [])
        #expect(scenario.rules.map(\.name) == ["sushi", "stream"] && scenario.rules[0].when?.call == "1")
        #expect(scenario.faults[0].on == [JSON.Value.Member("calls", "1-2")])
        _ = try RuleBook(scenario)
    }

    @Test("every mistake is reported, in the order of the file, with line and column")
    func everyMistake() {
        let text = """
            {
              "understudy": 1,
              "agents": [{"arn": "arn:aws:s3:::b", "protocl": "HTTP"}],
              "rules": [
                {"name": "ä", "when": {"call": "0"}, "reply": {"text": 1}},
                {"name": "ä", "rely": {"echo": true}},
              ],
              "agents": [],
            }
            """
        let found = ScenarioFile.read(Array(text.utf8), fileName: "dir/x.json", .complete()).1
        #expect(
            found.map { "\($0.lineAndColumn) \($0.path)" } == [
                "3:22 agents[0].arn", "3:40 agents[0].protocl", "5:36 rules[0].when.call",
                "5:60 rules[0].reply.text",
                "6:5 rules[1]", "6:14 rules[1].name", "6:19 rules[1].rely", "8:3 agents",
            ])
        #expect(
            found[1].description
                == "dir/x.json:3:40: agents[0].protocl: \"protocl\" is not known here; did you mean \"protocol\"?")
        #expect(found[6].hint == "did you mean \"reply\"?")
    }

    @Test("the version comes first: missing, wrong, or newer than this Understudy")
    func versions() {
        #expect(
            mistakes(in: #"{"rules": []}"#) == [
                #": "understudy" is missing; a scenario file begins with {"understudy": 1, …"#
            ])
        #expect(mistakes(in: #"{"understudy": "1"}"#) == [#"understudy: expected the version 1, found "1""#])
        #expect(mistakes(in: #"{"understudy": 0}"#) == ["understudy: expected the version 1, found 0"])
        #expect(mistakes(in: #"{"understudy": 1.0}"#) == ["understudy: expected the version 1, found 1.0"])
        // What a newer version knows is not called a mistake.
        #expect(
            mistakes(in: #"{"understudy": 2, "novelties": [], "rules": [{"when": 1}]}"#) == [
                "understudy: the file was written for a newer Understudy: its version is 2, this one reads 1; "
                    + "update Understudy, or export the file with the older one"
            ])
        #expect(mistakes(in: #"{"understudy": 1}"#) == [])
    }

    @Test(
        "what is not JSON is one mistake with its place",
        arguments: [
            "", " ", "{", "[1", "{\"understudy\": 1,, }", "{'understudy': 1}", "nul", "{\"a\": 01}", "\u{FEFF}{}", "/*",
            "{} x",
        ])
    func syntax(text: String) {
        let (scenario, mistakes) = ScenarioFile.read(Array(text.utf8), fileName: "f", .complete())
        #expect(
            scenario == nil && mistakes.count == 1 && mistakes[0].place != nil && mistakes[0].path == "")
    }

    @Test("another kind of value, and a database, are refused by name")
    func others() {
        #expect(mistakes(in: "[]") == [": expected an object, found an array"])
        #expect(mistakes(in: "\"x\"") == [": expected an object, found a string"])
        let hint = ScenarioFile.read(Array("SQLite format 3\u{0}…".utf8), fileName: "f", .complete()).1
            .first?.hint
        #expect(hint == "this is a library; its name should end in .sqlite")
    }

    @Test("two of one name cannot be told apart")
    func twins() {
        let text = """
            {"understudy": 1,
             "agents": [{"arn": "*"}, {"arn": "*"}],
             "credentials": [{"accessKeyId": "A", "secretAccessKey": "s"}, {"accessKeyId": "A", "secretAccessKey": "t"}],
             "users": [{"username": "u"}, {"username": "u", "clientId": "c"}, {"username": "u"}],
             "rules": [{"name": "r", "reply": {"echo": true}}, {"name": "r", "reply": {"echo": true}}, {"reply": {"echo": true}},
                       {"reply": {"echo": true}}],
             "faults": [{"name": "f", "fault": "hang"}, {"name": "f", "fault": "reset"}]}
            """
        #expect(
            mistakes(in: text) == [
                "agents[1].arn: two agents are called \"*\"",
                "credentials[1].accessKeyId: two credentials have the id \"A\"",
                "users[2].username: two users are called \"u\"", "rules[1].name: two rules are called \"r\"",
                "faults[1].name: two faults are called \"f\"",
            ])
    }

    @Test("hostile files end in mistakes")
    func hostile() {
        let deep = String(repeating: "[", count: 1_000_000)
        let long = String(repeating: "a", count: 10_000_000)
        let many = (0..<10_000).map { "\"k\($0)\": \($0)" }.joined(separator: ",")
        for text in [
            deep, "{\"understudy\": 1, \"rules\": \(deep)", "{\"understudy\": 1e999999999}",
            "{\"understudy\": 99999999999999999999}",
            "{\"understudy\": 1, \"rules\": [{\"name\": \"\(long)\", \"agent\": \" \", \"reply\": {\"text\": \"{{x\"}}]}",
            "{\"understudy\": 1, \(many)}",
            "{\"understudy\": 1, \"rules\": [{\"reply\": {\"echo\": true, \"headers\": {\(many)}}}]}",
            "{\"understudy\": 1, \"rules\": [{\"reply\": {\"json\": \(String(repeating: "{\"a\":", count: 500))1}}]}",
            "{\"understudy\": 1, \"users\": [{\"username\": -1e-99999}], \"faults\": [{\"fault\": \"hang\", \"on\": {\"every\": 1e30}}]}",
        ] {
            #expect(!ScenarioFile.read(Array(text.utf8), fileName: "f", .complete()).1.isEmpty)
        }
        #expect(
            !ScenarioFile.read([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], fileName: "f", .complete()).1
                .isEmpty)
    }

    @Test("files cut or changed anywhere are read or refused, and what is read compiles")
    func mutated() throws {
        let seed: UInt64 = 99
        var generator = SeededGenerator(seed: seed)
        for name in ScenarioFixtures.names {
            let bytes = try ScenarioFixtures.bytes(name)
            for _ in 0..<150 {
                var changed = bytes
                if Bool.random(using: &generator) {
                    changed.removeLast(Int.random(in: 0...bytes.count, using: &generator))
                }
                for _ in 0..<Int.random(in: 1...3, using: &generator) where !changed.isEmpty {
                    let place = Int.random(in: 0..<changed.count, using: &generator)
                    changed[place] = UInt8.random(in: 0...255, using: &generator)
                }
                let (scenario, mistakes) = ScenarioFile.read(changed, fileName: "f", .complete())
                #expect((scenario == nil) == !mistakes.isEmpty, "seed \(seed)")
                if let scenario { #expect(throws: Never.self, "seed \(seed)") { try RuleBook(scenario) } }
            }
        }
    }
}
