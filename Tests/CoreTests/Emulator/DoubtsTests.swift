import Emulator
import Library
import Support
import Testing

@Suite("What is right and can hardly be meant") struct DoubtsTests {
    private func doubts(_ scenario: String) throws -> [String] {
        let (read, mistakes) = ScenarioFile.read(Array(scenario.utf8), fileName: "x.json", .complete())
        return Doubts.of(try #require(read, "\(mistakes)"))
    }

    private static func script(agent: String = #"{"arn": "*", "auth": "any"}"#, _ more: String) -> String {
        #"{"understudy": 1, "agents": ["# + agent + "]" + (more.isEmpty ? "" : ", " + more) + "}"
    }

    @Test(
        "the worlds and the built-in library leave none",
        arguments: ["built-in", "restaurant", "telco", "trades", "coach"])
    func worlds(name: String) throws {
        #expect(try doubts(String(decoding: ScenarioFixtures.bytes(name), as: UTF8.self)) == [])
    }

    @Test("nobody can be called: no agents, or signatures without credentials")
    func nobody() throws {
        #expect(try doubts(#"{"understudy": 1}"#).first?.hasPrefix("there are no agents") == true)
        let alone = try doubts(Self.script(agent: #"{"arn": "*"}"#, ""))
        #expect(alone == [#"agent "*": it takes signatures alone, and there are no credentials: nobody can call it"#])
        #expect(try doubts(Self.script("")) == [])
    }

    @Test("session limits that the service would not take")
    func limits() throws {
        let agent = #"{"arn": "*", "auth": "any", "session": {"idleTimeout": "30s", "maxLifetime": "20s"}}"#
        #expect(
            try doubts(Self.script(agent: agent, "")) == [
                #"agent "*": its idleTimeout, 30s, is longer than its maxLifetime, 20s"#,
                #"agent "*": its idleTimeout, 30s, is below the service's least, 60s"#,
                #"agent "*": its maxLifetime, 20s, is below the service's least, 60s"#,
            ])
    }

    @Test("a discovery document that will never be fetched")
    func discovery() throws {
        func agent(_ url: String) -> String {
            #"{"arn": "*", "auth": {"jwt": {"discoveryUrl": "\#(url)", "allowedClients": ["c"]}}}"#
        }
        let suffix = "/.well-known/openid-configuration"
        let foreign = try doubts(Self.script(agent: agent("http://idp.example/x" + suffix), ""))
        #expect(foreign.count == 1 && foreign[0].contains("every call gets 401: http is for loopback hosts only"))
        #expect(try doubts(Self.script(agent: agent("http://127.0.0.1:9/x" + suffix), "")) == [])
        #expect(try doubts(Self.script(agent: agent("http://idp.example/us-east-1_Understudy" + suffix), "")) == [])
    }

    @Test("patterns that fit no agent and no endpoint of one")
    func patterns() throws {
        let agents = #"{"arn": "search-ABCDEFGHIJ", "auth": "any", "endpoints": ["DEFAULT", "prod"]}"#
        let more = #"""
            "rules": [{"agent": "coach*", "reply": {"text": "x"}}, {"agent": "*search*", "reply": {"text": "x"}},
              {"agent": "arn:aws:bedrock-agentcore:*:runtime/search-*", "reply": {"text": "x"}}],
            "faults": [{"name": "far", "agent": "coach*", "fault": "hang"}, {"fault": "hang", "endpoint": "dev"},
              {"fault": "hang", "agent": "search-*", "endpoint": "pro?"}]
            """#
        #expect(
            try doubts(Self.script(agent: agents, more)) == [
                #"rule rules[0]: no agent is called "coach*""#,
                #"fault "far": it can strike nobody: no agent is called "coach*""#,
                #"fault faults[1]: it can strike nobody: no agent of its has an endpoint "dev""#,
            ])
    }

    @Test("a rule for an operation that is not there yet")
    func later() throws {
        let rules = #""rules": [{"name": "ls", "operation": "InvokeAgentRuntimeCommand", "reply": {"text": "a"}}]"#
        #expect(
            try doubts(Self.script(rules)) == [
                #"rule "ls": it never answers: InvokeAgentRuntimeCommand is not in this version"#
            ])
    }

    @Test("a rule behind one that takes every call of its")
    func hidden() throws {
        let rules = #"""
            "rules": [{"name": "sushi", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]}, "reply": {"text": "a"}},
              {"name": "again", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}], "call": "1"}, "reply": {"text": "b"}},
              {"name": "all", "reply": {"text": "c"}},
              {"name": "late", "when": {"state": "asked"}, "reply": {"text": "d"}},
              {"name": "card", "operation": "GetAgentCard", "reply": {"text": "e"}}]
            """#
        #expect(
            try doubts(Self.script(rules)) == [
                #"rule "again": it never answers: rule "sushi" before it takes every call that it would take"#,
                #"rule "late": it never answers: rule "all" before it takes every call that it would take"#,
            ])
    }
}
