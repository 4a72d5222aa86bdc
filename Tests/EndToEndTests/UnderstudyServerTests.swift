import Foundation
import Support
import Testing
import UnderstudyTesting

/// As the tests of another package use it: with a client of their own, and the product's public parts alone.
@Suite("The library for Swift Testing") struct UnderstudyServerTests {
    private static let scenario = #"""
        {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "rules": [{"name": "hello", "reply": {"json": {"a": 1}}}]}
        """#
    private static let path = "/runtimes/my_agent-AbCdEf1234/invocations?accountId=123456789012"

    private func call(_ space: UnderstudySpace) throws -> Int {
        let url = try #require(URL(string: space.url))
        let client = try RawClient(port: UInt16(try #require(url.port)))
        client.send(
            "POST \(url.path)\(Self.path) HTTP/1.1\r\nHost: \(url.host ?? "")\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        )
        return client.receiveAnswer().status
    }

    @Test("a test arms a fault, calls, and asks what happened, in a space of its own")
    func walk() throws {
        let server = try UnderstudyServer(scenario: Self.scenario)
        let (space, other) = (server.space(), server.space())
        #expect(try space.fault(#"{"name": "busy", "fault": "error", "status": 503, "on": {"calls": "1"}}"#) == "busy")
        #expect(try [call(space), call(space), call(other)] == [503, 200, 200])
        let calls = try space.calls()
        #expect(calls.map(\.status) == [503, 200] && calls.map(\.faults) == [["busy"], []])
        #expect(calls[1].rule == "hello" && calls[1].outcome == "completed")
        #expect(try space.calls(["status": "200"]).count == 1 && other.calls().count == 1)
        let verdict = try space.verify(#"[{"calls": {"count": 2}}]"#)
        #expect(verdict.isPass, "\(verdict)")
        #expect(try !space.verify(#"[{"calls": {"count": 3}}]"#).isPass)
        try space.disarm("busy")
        try space.advance(by: .seconds(3_600))
        try space.freeze()
        #expect(try space.token(expiresIn: .seconds(45)).split(separator: ".").count == 3)
        try space.remove()
        #expect(throws: UnderstudyFailure.self) { try space.remove() }
        #expect(try space.calls().count == 2)
        server.stop()
        server.stop()
    }

    @Test("a clock is set, and what takes an hour takes no time")
    func clock() throws {
        let slow = Self.scenario.replacing(#""json": {"a": 1}"#, with: #""json": {"a": 1}, "delay": "1h""#)
        let space = try UnderstudyServer(scenario: slow).space()
        try space.setClock(to: "2031-02-03T04:05:06Z")
        try space.freeze()
        try space.speed(.max)
        #expect(try call(space) == 200)
        try space.wait(1, within: .seconds(60), matching: ["status": "200"])
        let json = try #require(space.calls().first?.json)
        #expect(json.contains("2031-02-03T04:05:06"))
        try space.speed(2)
        try space.speed(0.5)
        #expect(throws: UnderstudyFailure.self) { try space.speed(0) }
        #expect(throws: UnderstudyFailure.self) { try space.setClock(to: "tomorrow") }
        #expect(throws: UnderstudyFailure.self) { try space.wait(2, within: .seconds(0)) }
    }

    @Test("what clients should have done is expected, and a verdict that is none throws with its reasons")
    func expectations() throws {
        let space = try UnderstudyServer(scenario: Self.scenario).space()
        let name = try space.fault(#"{"fault": "error", "status": 503}"#)
        #expect(try [call(space), call(space)] == [503, 503])
        try space.disarm(name)
        try space.mark(#"{"agent": "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEf1234"}"#)
        try space.advance(by: .seconds(60))
        #expect(try call(space) == 200)
        try space.expect("calls", #"{"count": 3}"#)
        #expect(try space.expectBreaker(#"{"opensAfter": 2, "openFor": "60s"}"#).isPass)
        let other = #"{"opensAfter": 2, "openFor": "300s"}"#
        let failure = #expect(throws: UnderstudyFailure.self) { try space.expectBreaker(other, name: "a breaker") }
        #expect(failure?.description.contains("the verdict is") == true, "\(String(describing: failure))")
        #expect(failure?.description.contains("a breaker") == true)
        #expect(throws: UnderstudyFailure.self) { try space.expectBackoff(#"{"policy": "constant", "base": "1s"}"#) }
        #expect(throws: UnderstudyFailure.self) { try space.expectRefresh(#"{"within": "5s"}"#) }
        #expect(throws: UnderstudyFailure.self) { try space.expectBreaker(#"{"opensAftr": 2}"#) }
    }

    @Test("what is wrong is told in words")
    func mistakes() throws {
        #expect(throws: UnderstudyFailure.self) { try UnderstudyServer(scenario: #"{"understudy": 1, "rulse": []}"#) }
        #expect(throws: UnderstudyFailure.self) { try UnderstudyServer(libraries: ["/no/such/file.json"]) }
        let space = try UnderstudyServer().space("named")
        do {
            try space.fault(#"{"fault": "explode"}"#)
            Issue.record("it was armed")
        } catch {
            #expect(error.description.contains("explode"))
        }
        #expect(throws: UnderstudyFailure.self) { try space.fault("{") }
    }
}
