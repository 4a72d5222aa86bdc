import Testing

@testable import HTTPWire

@Suite("Authority") struct AuthorityTests {
    @Test(
        "one host with an optional port is valid",
        arguments: [
            "localhost", "a.b-c.example", "127.0.0.1:8787", "a:", "a:0", "a:65535", "[::1]", "[::1]:80",
            "[2001:db8::ff]:443", "[::ffff:127.0.0.1]", "my_service", "%41bc", "~a!$&'()*+;=",
        ])
    func valid(text: String) {
        #expect(isValid(text))
    }

    @Test(
        "anything else is not",
        arguments: [
            "", ":80", "a b", "a,b", "u@a", "a/b", "a?", "a#", "a:b", "a:-1", "a:+1", "a:65536", "a:000080", "a:80:80",
            "[", "[]", "[a]", "[:]", "[::1", "::1", "[::1]x", "[::1]80", "[fe80::1%25eth0]", "[::g]", "[:::::::::]",
            "a%", "a%4", "a%4g", "é", "a\\b", "<a>", "a\0",
        ])
    func invalid(text: String) {
        #expect(!isValid(text))
    }

    private func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Authority.isValid(bytes.span)
    }
}
