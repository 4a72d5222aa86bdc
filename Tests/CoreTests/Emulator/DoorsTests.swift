import HTTPWire
import Scenarios
import Testing

@testable import Emulator

@Suite("Doors") struct DoorsTests {
    private func request(_ method: String, _ target: String) throws -> Request {
        let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        return try #require(Request(reading: bytes))
    }

    private func remembering(_ target: String, qualifier: String = "DEFAULT") throws -> Doors {
        let request = try request("POST", target)
        var directory = Directory([Agent(arn: "*")])
        let name = Array("arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fa_agent-ABCDEFGHIJ".utf8)
        guard case .known(let agent) = directory.find(segment: name[...], account: nil) else {
            throw Stage.NotARequest(text: "no agent")
        }
        var doors = Doors()
        doors.remember(
            .invokeAgentRuntime, agent, qualifier: qualifier, for: request, path: request.path.lowerBound)
        return doors
    }

    @Test("the same request line leads to the same door")
    func same() throws {
        let doors = try remembering("/runtimes/a/invocations?qualifier=prod", qualifier: "prod")
        let again = try request("POST", "/runtimes/a/invocations?qualifier=prod")
        let door = try #require(doors.door(for: again, path: again.path.lowerBound))
        #expect(door.operation === Operation.invokeAgentRuntime)
        #expect(door.qualifier == "prod" && door.agent.id == "a_agent-ABCDEFGHIJ")
    }

    @Test("one byte more, less or other leads nowhere, and neither does another method")
    func other() throws {
        let known = "/runtimes/a/invocations?qualifier=prod"
        let doors = try remembering(known)
        for place in known.indices.dropFirst() {
            var target = known
            target.replaceSubrange(place...place, with: "z")
            let other = try request("POST", target)
            #expect(doors.door(for: other, path: other.path.lowerBound) == nil, "\(target)")
        }
        for target in [known + "x", String(known.dropLast())] {
            let other = try request("POST", target)
            #expect(doors.door(for: other, path: other.path.lowerBound) == nil)
        }
        let get = try request("GET", known)
        #expect(doors.door(for: get, path: get.path.lowerBound) == nil)
    }

    @Test("the prefix of a space is no part of it")
    func spaces() throws {
        let doors = try remembering("/runtimes/a/invocations")
        let prefixed = try request("POST", "/_space/one/runtimes/a/invocations")
        #expect(doors.door(for: prefixed, path: prefixed.path.lowerBound + "/_space/one".utf8.count) != nil)
    }

    @Test("a very long request line is not remembered")
    func long() throws {
        let target = "/runtimes/a/invocations?x=" + String(repeating: "y", count: 2_000)
        let doors = try remembering(target)
        let again = try request("POST", target)
        #expect(doors.door(for: again, path: again.path.lowerBound) == nil)
    }
}
