import Testing

@testable import Access

@Suite("DocumentURL") struct DocumentURLTests {
    @Test(
        "http on this machine is fetched",
        arguments: [
            "http://127.0.0.1:8080/.well-known/openid-configuration", "http://localhost/x", "http://LOCALHOST:1/x",
            "http://[::1]:80/k?a=b",
            "http://a.localhost/x", "http://127.9.9.9", "http://[::1]",
        ])
    func allowed(url: String) {
        #expect(DocumentURL.refusal(of: url) == nil)
    }

    @Test(
        "http elsewhere is not, however the host looks",
        arguments: [
            "http://example.com/x", "http://10.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/x",
            "http://localhost.example.com/x", "http://127.0.0.1.example.com/x", "http://1270.0.0.1/", "http://127.0.0/",
            "http://127.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://0x7f.0.0.1/",
            "http://127.0.0.256/",
            "http://xlocalhost/",
        ])
    func elsewhere(url: String) {
        #expect(DocumentURL.refusal(of: url)?.contains("loopback") == true)
    }

    @Test("https has a reason of its own")
    func https() {
        #expect(
            DocumentURL.refusal(of: "https://cognito-idp.example/x")
                == "https discovery needs the TLS support that is not there yet")
    }

    @Test(
        "what is no plain URL has its reason",
        arguments: [
            ("", "no http URL"), ("ftp://localhost/x", "no http URL"), ("file:///etc/passwd", "no http URL"),
            ("localhost/x", "no http URL"), ("http://", "no valid host"), ("http:///x", "no valid host"),
            ("http://localhost:0/x", "no valid host"), ("http://localhost:65536/x", "no valid host"),
            ("http://localhost:/x", "no valid host"), ("http://localhost:80a/x", "no valid host"),
            ("http://[::1/x", "no valid host"),
            ("http://user@localhost/x", "user name"), ("http://localhost@example.com/", "user name"),
            ("http://localhost/x#y", "fragment"), ("http://localhost/ x", "characters"),
            ("http://localhost/\r\nHost: evil", "characters"), ("http://localhost/\u{E9}", "characters"),
            ("http://localhost/" + String(repeating: "a", count: 2_048), "2,048"),
        ])
    func malformed(url: String, reason: String) {
        #expect(DocumentURL.refusal(of: url)?.contains(reason) == true, "\(DocumentURL.refusal(of: url) ?? "allowed")")
    }
}
