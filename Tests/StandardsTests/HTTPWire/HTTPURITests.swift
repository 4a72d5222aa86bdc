import HTTPWire
import Testing

@Suite("HTTPURI") struct HTTPURITests {
    @Test(
        "a URI is taken apart, and what it is asked for with is never empty",
        arguments: [
            ("http://127.0.0.1:8787/a/b?c=d#e", "127.0.0.1", 8787, "127.0.0.1:8787", "/a/b?c=d"),
            ("HTTPS://A.LocalHost", "A.LocalHost", 443, "A.LocalHost", "/"),
            ("http://localhost:/x", "localhost", 80, "localhost:", "/x"),
            ("http://[::1]:80?q", "::1", 80, "[::1]:80", "/?q"), ("https://[::1]", "::1", 443, "[::1]", "/"),
            ("http://u:p@h:1/", "h", 1, "h:1", "/"), ("http://h#f?x", "h", 80, "h", "/"),
        ] as [(String, String, UInt16, String, String)])
    func parts(text: String, host: String, port: UInt16, authority: String, target: String) throws {
        let uri = try #require(HTTPURI(text))
        #expect(uri.host == host && uri.port == port && uri.authority == authority && uri.target == target)
        #expect(uri.hasUserinfo == text.contains("@") && uri.hasFragment == text.contains("#"))
        #expect(uri.scheme == Scheme(of: text))
        #expect(uri.isLocalhost == host.lowercased().contains("localhost"))
    }

    @Test(
        "what has no host, or a port that TCP has not, is none",
        arguments: [
            "", "http://", "http:///x", "http://:80/", "http://a:0/", "http://a:65536/", "http://a:80x", "http://a:1:2",
            "http://[::1/x", "http://[]:80", "http://[a]", "http://a]:80", "http://::1:80", "http://[::1]x:80",
            "http://u@/",
            "http:/a", "httpx://a", "ftp://a", "/http://a", "a", "http://a:99999999999999999999",
        ])
    func none(text: String) { #expect(HTTPURI(text) == nil) }

    @Test("the name of this machine is told by its last label")
    func localhost() {
        for name in ["localhost", "a.localhost", "A.B.LOCALHOST"] {
            #expect(HTTPURI("http://\(name)")?.isLocalhost == true, "\(name)")
        }
        for name in ["xlocalhost", "localhost.example", "127.0.0.1"] {
            #expect(HTTPURI("http://\(name)")?.isLocalhost == false, "\(name)")
        }
    }
}
