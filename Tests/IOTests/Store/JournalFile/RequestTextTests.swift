import Bytes
import HTTPWire
import Testing

@testable import Store

@Suite("A request in the journal's columns") struct RequestTextTests {
    private func request(_ target: String, _ lines: String = "") -> Request {
        Request(
            method: Array("GET".utf8), target: Array(target.utf8), minorVersion: 0, fieldLines: Array(lines.utf8),
            body: [])
    }

    @Test(
        "the path and the query are found in every form of target",
        arguments: [
            ("/a/b?c=d", "/a/b", "c=d"), ("/a", "/a", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"), ("*", "*", nil),
            ("http://host/a?b", "/a", "b"), ("http://host", "", nil), ("http://host?a", "", "a"),
            ("host:80", "host:80", nil),
            ("", "", nil), ("?", "", ""), ("/http://x/y", "/http://x/y", nil),
        ] as [(String, String, String?)])
    func targets(_ target: String, _ path: String, _ query: String?) {
        let request = request(target)
        #expect(request.targetText == target)
        #expect(request.pathText == path)
        #expect(request.query.map { String(lossy: request.head[$0]) } == query)
    }

    @Test("fields keep their order, their spelling and their bytes")
    func fields() {
        let lines = "Host: a\r\nX-Empty: \r\nx-a: b: c\r\nX-Raw: \u{E9}\r\n"
        let request = request("/", lines)
        #expect(String(lossy: request.head) == "GET / HTTP/1.0\r\n" + lines)
        #expect(request.text(of: "x-empty") == "")
        #expect(request.text(of: "x-a") == "b: c")
        var back: [UInt8] = []
        back.append(addingCapacity: request.fieldsLength) { request.appendFields(to: &$0) }
        #expect(String(lossy: back) == lines)
    }

    @Test("lines that somebody edited lose what is no field, and nothing breaks")
    func edited() {
        let request = request("/", "no colon\n\n:\nA:b\r\nC:  d\nlast: without end")
        var back: [UInt8] = []
        back.append(addingCapacity: request.fieldsLength) { request.appendFields(to: &$0) }
        #expect(String(lossy: back) == ": \r\nA: b\r\nC: d\r\n")
    }
}
