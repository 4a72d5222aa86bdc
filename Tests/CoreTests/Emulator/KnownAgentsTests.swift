import HTTPWire
import Rules
import Library
import Testing

@testable import Emulator

@Suite("Known agents") struct KnownAgentsTests {
    private func request(_ method: String, _ target: String) throws -> Request {
        let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        return try #require(Request(reading: bytes))
    }

    private func remembering(_ target: String, qualifier: String = "DEFAULT") throws -> KnownAgents {
        let request = try request("POST", target)
        var agents = KnownAgents([Agent(arn: "*")])
        let name = Array("arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fa_agent-ABCDEFGHIJ".utf8)
        guard case .known(let agent) = agents.find(segment: name[...], account: nil) else {
            throw Stage.NotARequest(text: "no agent")
        }
        agents.remember(
            .invokeAgentRuntime, agent, qualifier: qualifier, for: request, path: request.path.lowerBound)
        return agents
    }

    @Test("the same request line leads to the same agent and operation")
    func same() throws {
        let agents = try remembering("/runtimes/a/invocations?qualifier=prod", qualifier: "prod")
        let again = try request("POST", "/runtimes/a/invocations?qualifier=prod")
        let known = try #require(agents.target(of: again, path: again.path.lowerBound))
        #expect(known.operation === Operation.invokeAgentRuntime)
        #expect(known.qualifier == "prod" && known.agent.id == "a_agent-ABCDEFGHIJ")
    }

    @Test("one byte more, less or other leads nowhere, and neither does another method")
    func other() throws {
        let line = "/runtimes/a/invocations?qualifier=prod"
        let agents = try remembering(line)
        for place in line.indices.dropFirst() {
            var target = line
            target.replaceSubrange(place...place, with: "z")
            let other = try request("POST", target)
            #expect(agents.target(of: other, path: other.path.lowerBound) == nil, "\(target)")
        }
        for target in [line + "x", String(line.dropLast())] {
            let other = try request("POST", target)
            #expect(agents.target(of: other, path: other.path.lowerBound) == nil)
        }
        let get = try request("GET", line)
        #expect(agents.target(of: get, path: get.path.lowerBound) == nil)
    }

    @Test("the prefix of a space is no part of it")
    func spaces() throws {
        let agents = try remembering("/runtimes/a/invocations")
        let prefixed = try request("POST", "/_space/one/runtimes/a/invocations")
        #expect(agents.target(of: prefixed, path: prefixed.path.lowerBound + "/_space/one".utf8.count) != nil)
    }

    @Test("a very long request line is not remembered")
    func long() throws {
        let target = "/runtimes/a/invocations?x=" + String(repeating: "y", count: 2_000)
        let agents = try remembering(target)
        let again = try request("POST", target)
        #expect(agents.target(of: again, path: again.path.lowerBound) == nil)
    }

    @Test("an entry that names the agent goes before a pattern, wherever it stands")
    func exactFirst() throws {
        let stage = try Stage(
            #"""
            {"understudy": 1,
             "agents": [{"arn": "*", "protocol": "MCP"}, {"arn": "hosted_agent-*", "protocol": "A2A"},
                        {"arn": "\#(Stage.arn)", "protocol": "HTTP"}],
             "rules": [{"reply": {"error": "ConflictException"}}]}
            """#)
        #expect(try stage.invoke().field("x-amzn-ErrorType") == "ConflictException")
        let other = Stage.path.replacing("hosted", with: "other")
        #expect(try stage.invoke(path: other, [("Accept", "application/json, text/event-stream")]).status == 200)
    }

    @Test("a name that was found once is found again, and only that name")
    func remembered() throws {
        let stage = try Stage(script(#"{"reply": {"text": "{{agent}}"}}"#))
        for _ in 0..<3 {
            #expect(try stage.invoke().body == "hosted_agent-Ab12Cd34Ef")
            #expect(
                try stage.invoke(path: Stage.path.replacing("hosted", with: "other")).body == "other_agent-Ab12Cd34Ef")
        }
    }
}

extension Stage {
    func invoke(path: String, _ fields: [(String, String)] = []) throws -> Reply {
        try invoke("{}", path: path, session: Stage.session, fields)
    }
}
