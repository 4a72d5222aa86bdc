import Forwarding
import HTTPWire
import Support
import Testing

@Suite("A request that a client has its proxy ask") struct ProxiedRequestTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(
        "of the target its path and query are left, and of OPTIONS without either an asterisk",
        arguments: [
            ("GET", "http://a/b?c", "/b?c"), ("GET", "http://a", "/"), ("GET", "http://a?c", "/?c"),
            ("OPTIONS", "http://a", "*"), ("OPTIONS", "http://a/", "/"), ("OPTIONS", "http://a?c", "/?c"),
        ])
    func targets(method: String, target: String, left: String) throws {
        let request = try #require(Request(reading: Array("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)))
        #expect(Self.text(ProxiedRequest(request).target) == left)
    }

    @Test("what is the connection's, or was named in Connection, stays here, and Via is added behind what others added")
    func fields() {
        let request = Request.made(
            "GET", "/",
            [
                ("Host", "other"), ("Connection", "X-Hop, close"), ("X-Hop", "1"), ("Keep-Alive", "5"),
                ("Proxy-Connection", "close"), ("Proxy-Authorization", "Basic eDp5"), ("TE", "trailers"),
                ("Trailer", "X"), ("Upgrade", "h2c"), ("Expect", "100-continue"), ("X-Understudy-Space", "s"),
                ("Authorization", "Bearer t"), ("Via", "1.0 first"), ("Accept", "*/*"),
            ])
        let left = ProxiedRequest(request).fields.list.map { "\($0.name): \($0.value)" }
        #expect(left == ["Authorization: Bearer t", "Via: 1.0 first", "Accept: */*", "Via: 1.1 understudy"])
        let old = ProxiedRequest(.made("GET", "/", minorVersion: 0)).fields
        #expect(old.value(of: "Via") == "1.0 understudy")
    }

    @Test("a length is said where the client said one, also that there is nothing")
    func lengths() {
        #expect(ProxiedRequest(.made("GET", "/")).length == nil)
        #expect(ProxiedRequest(.made("POST", "/", [("Content-Length", "0")])).length == 0)
        #expect(ProxiedRequest(.made("POST", "/", [("Transfer-Encoding", "chunked")], body: [1, 2])).length == 2)
    }

    @Test(
        "how often it may still be passed on is counted down for OPTIONS and TRACE alone",
        arguments: [
            ("OPTIONS", "3", 3, "2"), ("TRACE", "1", 1, "0"), ("OPTIONS", "0", 0, "0"), ("GET", "3", nil, "3"),
            ("OPTIONS", "many", nil, "many"),
        ] as [(String, String, Int?, String)])
    func forwards(method: String, written: String, count: Int?, left: String) {
        let request = Request.made(method, "/", [("Max-Forwards", written)])
        #expect(ProxiedRequest.forwardsLeft(of: request) == count)
        #expect(ProxiedRequest(request).fields.value(of: "max-forwards") == left)
    }
}
