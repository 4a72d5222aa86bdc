import HTTPWire
import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Control request") struct ControlRequestTests {
    private func request(_ target: String, body: String = "") throws -> Request {
        let bytes = Array(
            "POST \(target) HTTP/1.1\r\nHost: h:1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        return try #require(Request(reading: bytes))
    }

    @Test("only the control API's own paths are meant")
    func paths() throws {
        for path in ["/_understudy", "/_understudy/", "/_understudy/health?x"] {
            #expect(ControlRequest.isMeant(by: try request(path)))
        }
        for path in ["/", "/_understud", "/_understudyx", "/x/_understudy/health"] {
            #expect(!ControlRequest.isMeant(by: try request(path)))
        }
    }

    @Test("segments and parameters are decoded")
    func parts() throws {
        let asked = ControlRequest(
            try request("/_understudy/calls/a%20b?agent=x%2Ay&q=1+2&empty=&bare"), arrived: 0, now: Stage.noon)
        #expect(asked.segments == ["calls", "a b"])
        let parameters = try #require(asked.parameters)
        #expect(parameters.map(\.0) == ["agent", "q", "empty", "bare"])
        #expect(parameters.map(\.1) == ["x*y", "1 2", "", ""])
        #expect(asked.request.base == "http://h:1")
        #expect(ControlRequest(try request("/_understudy/calls?a=%f"), arrived: 0, now: Stage.noon).parameters == nil)
        #expect(ControlRequest(try request("/_understudy/calls?a=%ff"), arrived: 0, now: Stage.noon).parameters == nil)
    }

    @Test("a body that is not JSON is refused with the place")
    func bodies() throws {
        #expect(
            try ControlRequest(try request("/_understudy/x", body: "[1]"), arrived: 0, now: Stage.noon).json() == [1])
        #expect(throws: ControlRefusal.self) {
            try ControlRequest(try request("/_understudy/x", body: "[1"), arrived: 0, now: Stage.noon).json()
        }
    }
}
