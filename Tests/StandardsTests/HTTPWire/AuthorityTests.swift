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

    @Test(
        "an IP literal is an IPv6 address or one of a version to come",
        arguments: [
            "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1:2::7:8", "ABCD:ef01::",
            "1::8",
            "1:2:3:4:5:6:1.2.3.4", "::1.2.3.4", "1::255.249.199.0", "::3:4:5:6:7:1.2.3.4", "v1.a", "VfF.a:b,c!~",
            "v0.:",
        ])
    func literal(text: String) {
        #expect(isValid("[\(text)]") && isValid("[\(text)]:80"))
    }

    @Test(
        "what the grammar of neither makes is no IP literal",
        arguments: [
            ":::", "::::::", ":1", "1:", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1::2::3", "::1::", "12345::1", "::12345",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "::1:2:3:4:5:6:7:8", "....::", "::.", "::1.2.3",
            "::1.2.3.4.5", "::1.2.3.256", "::01.2.3.4", "::1..2.3", "::1.2.3.", "::a.2.3.4", "1.2.3.4", "1.2.3.4::",
            "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7::1.2.3.4", "::1.2.3.4:5", "::0x1", "v.a", "v1.", "v1", "vg.a",
            "v1.%41",
            "v1.a/b", "v", ":", "::1 ", "::[",
        ])
    func noLiteral(text: String) {
        #expect(!isValid("[\(text)]") && !isValid("[\(text)]:80"))
    }

    private func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Authority.isValid(bytes.span)
    }
}
