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
