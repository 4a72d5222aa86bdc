import Bytes
import Testing

@testable import HTTPWire

@Suite("RequestLine") struct RequestLineTests {
    private func line(_ text: String) throws(MessageRefusal) -> RequestLine {
        let bytes = Array(text.utf8)
        return try RequestLine(bytes.span, line: 0..<bytes.count, limits: Limits())
    }

    private func refusal(_ text: String) -> MessageRefusal? {
        do throws(MessageRefusal) {
            _ = try line(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("its parts are found by their places")
    func parts() throws {
        let line = try line("GET /a?b HTTP/1.0")
        #expect(line.method == 0..<3)
        #expect(line.target == 4..<8)
        #expect(line.path == 4..<6)
        #expect(line.query == 7..<8)
        #expect(line.authority == nil)
        #expect(line.minorVersion == 0)
    }

    @Test("the path and the query of an absolute target lie behind its host")
    func absolute() throws {
        let line = try line("GET http://a:80/b?c HTTP/1.1")
        #expect(line.authority == 11..<15)
        #expect(line.path == 15..<17)
        #expect(line.query == 18..<19)
        #expect(line.target == 4..<19)
    }

    @Test(
        "an empty path of an absolute target is a slash, but for OPTIONS",
        arguments: [
            ("POST http://a:80 HTTP/1.1", "/", nil), ("GET https://a?b HTTP/1.1", "/", "b"),
            ("GET http://a/ HTTP/1.1", "/", nil),
            ("OPTIONS http://a HTTP/1.1", "", nil), ("OPTIONS http://a?b HTTP/1.1", "", "b"),
            ("CONNECT a:80 HTTP/1.1", "", nil),
        ] as [(String, String, String?)])
    func emptyPath(text: String, path: String, query: String?) throws {
        let (line, bytes) = (try line(text), Array(text.utf8))
        #expect(String(lossy: bytes[line.path]) == path)
        #expect(line.query.map { String(lossy: bytes[$0]) } == query)
        #expect(line.path.lowerBound >= line.target.lowerBound && line.path.upperBound <= line.target.upperBound)
    }

    @Test(
        "the sentence says what is wrong",
        arguments: [
            ("GET", "method and one space"), (" GET / HTTP/1.1", "method and one space"),
            ("GET /", "one space and an HTTP version"), ("GET / HTTP/1.1 ", "one space and an HTTP version"),
            ("GET  / HTTP/1.1", "neither a path nor"), ("GET  HTTP/1.1", "target is empty"),
            ("GET /# HTTP/1.1", "fragment"), ("GET /| HTTP/1.1", "0x7C"), ("GET /%G0 HTTP/1.1", "%"),
            ("GET * HTTP/1.1", "OPTIONS"), ("GET http://@/ HTTP/1.1", "host in the request target"),
            ("CONNECT a HTTP/1.1", "CONNECT"), ("GET / HTTP/3.0", "HTTP/1.1 and HTTP/1.0"),
        ])
    func sentences(text: String, part: String) {
        #expect(refusal(text)?.message.contains(part) == true, "\(refusal(text)?.message ?? "accepted")")
    }

    @Test("every prefix of a good line is refused, and crashes nothing")
    func prefixes() {
        let text = "OPTIONS https://[::1]:80/a%20b?c=%zz HTTP/1.1"
        for count in 0..<text.utf8.count {
            #expect(refusal(String(text.prefix(count))) != nil)
        }
        #expect(refusal(text) == nil)
    }
}
