import Forwarding
import HTTPWire
import Support
import Testing

@Suite("PassedFields") struct PassedFieldsTests {
    private func request(_ target: String, _ fields: [(String, String)] = []) -> Request {
        .made("POST", target, fields)
    }

    @Test("what is the connection's, the emulator's and the signature's stays here")
    func fields() {
        let given = request(
            "/",
            [
                ("Host", "a"), ("Connection", "close, X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "5"), ("TE", "trailers"),
                ("Transfer-Encoding", "chunked"), ("X-Understudy-Fault", "close"), ("Accept-Encoding", "gzip"),
                ("Authorization", "x"), ("X-Amz-Date", "d"), ("X-Amzn-Trace-Id", "t"), ("Accept", "*/*"),
            ])
        #expect(
            PassedFields.ofRequest(given, isSigned: true).list.map(\.name) == [
                "X-Amzn-Trace-Id", "Accept", "Accept-Encoding",
            ])
        #expect(
            PassedFields.ofRequest(given, isSigned: false).list.map(\.name)
                == ["Authorization", "X-Amz-Date", "X-Amzn-Trace-Id", "Accept", "Accept-Encoding"])
    }

    @Test("of an answer to a proxy's request the connection's own fields stay here, and Server is the other's")
    func throughProxy() throws {
        let text = "HTTP/1.0 200 OK\r\nServer: other\r\nConnection: X-Hop\r\nX-Hop: 1\r\nProxy-Authenticate: Basic\r\n"
        var (parser, held): (ResponseParser, [UInt8]) = (ResponseParser(limits: Limits()), [])
        let bytes = Array("\(text)Content-Length: 0\r\n\r\n".utf8)
        let event = parser.read(bytes.span, from: 0, held: &held).event
        guard case .response(let response) = event else {
            Issue.record("no answer")
            return
        }
        let left = PassedFields.throughProxy(response).list.map { "\($0.name): \($0.value)" }
        #expect(left == ["Server: other", "Via: 1.0 understudy"])
        #expect(response.contentLength == .known(0))
    }

    @Test("a presigned query loses its signature and nothing else")
    func query() {
        let given = request("/p?qualifier=a%20b&X-Amz-Signature=x&x-amz-date=1&empty=&X%2DAmz-Expires=3")
        #expect(
            String(decoding: PassedFields.target(given, path: given.path, isSigned: true), as: UTF8.self)
                == "/p?qualifier=a%20b&empty=")
        let whole = PassedFields.target(given, path: given.path, isSigned: false)
        #expect(String(decoding: whole, as: UTF8.self) == given.targetText)
        let alone = request("/p?X-Amz-Signature=x")
        #expect(String(decoding: PassedFields.target(alone, path: alone.path, isSigned: true), as: UTF8.self) == "/p")
    }

    @Test("secrets are taken out in the forms in which texts hold them")
    func secrets() {
        let secret = Array("abc/def+1".utf8)
        let text = #"{"a":"abc\/def+1","b":"abc/def+1","c":"abc%2Fdef%2B1"}"#
        #expect(
            String(decoding: Secrets.hide([secret], in: Array(text.utf8)), as: UTF8.self)
                == #"{"a":"[redacted]","b":"[redacted]","c":"[redacted]"}"#)
    }

    @Test("proxies hold for other machines, but for those that are excepted")
    func proxies() throws {
        let rules = ProxyRules(environment: [
            "HTTP_PROXY": "http://user:pass@proxy:3128", "https_proxy": "proxy:8443",
            "NO_PROXY": "example.com, .local:81",
        ])
        func host(_ url: String) throws -> String? { rules.proxy(for: try #require(HTTPURI(url)))?.host }
        #expect(try host("http://other.org/") == "proxy" && host("https://other.org/") == "proxy")
        #expect(try host("http://example.com/") == nil && host("http://a.example.com/") == nil)
        #expect(try host("http://a.local:81/") == nil && host("http://a.local/") == "proxy")
        #expect(try host("http://127.0.0.1/") == nil && host("http://localhost/") == nil)
    }
}
