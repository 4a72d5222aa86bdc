import Testing

@testable import UnderstudyCLI

@Suite("The address of a server") struct ServerAddressTests {
    @Test(
        "host, port and prefix",
        arguments: [
            ("http://127.0.0.1:8787", "127.0.0.1", 8_787, "", "127.0.0.1:8787"),
            ("http://127.0.0.1:8787/", "127.0.0.1", 8_787, "", "127.0.0.1:8787"),
            ("HTTP://localhost:1", "localhost", 1, "", "localhost:1"),
            ("http://localhost", "localhost", 80, "", "localhost:80"),
            ("http://localhost:/", "localhost", 80, "", "localhost:80"),
            ("http://[::1]:8787", "::1", 8_787, "", "[::1]:8787"),
            ("http://[::1]", "::1", 80, "", "[::1]:80"),
            ("http://127.0.0.1:8787/_space/a", "127.0.0.1", 8_787, "/_space/a", "127.0.0.1:8787"),
            ("http://127.0.0.1:8787/_space/a//", "127.0.0.1", 8_787, "/_space/a", "127.0.0.1:8787"),
            ("http://127.0.0.1:8787/_understudy/calls", "127.0.0.1", 8_787, "", "127.0.0.1:8787"),
            ("http://127.0.0.1:8787/_space/a/_understudy/", "127.0.0.1", 8_787, "/_space/a", "127.0.0.1:8787"),
        ] as [(String, String, Int, String, String)])
    func good(url: String, host: String, port: Int, prefix: String, authority: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host && Int(address.port) == port)
        #expect(address.prefix == prefix && address.authority == authority)
    }

    @Test(
        "what is none is refused with the way to write one",
        arguments: [
            "", "http://", "http:///calls", "http://:8787", "127.0.0.1:8787", "ftp://a", "http://a:0", "http://a:65536",
            "http://a:b", "http://a:-1", "http://a:80x", "http://[::1", "http://::1:80", "http://[]:80", "http://a]:80",
            "http://a:1:2", "http://user@a:80", "http://a:80?x=1", "http://a:80/#x", "http://a:99999999999999999999",
            #"http://a\b:80"#,
        ])
    func bad(url: String) {
        #expect(throws: Failure.self) { try ServerAddress(url) }
        do { _ = try ServerAddress(url) } catch { #expect(error.message.hasPrefix(url)) }
    }

    @Test("its port for TLS is named by https, whose usual port is another")
    func secure() throws {
        let address = try ServerAddress("https://localhost/_space/a/")
        #expect(address.scheme == .https && address.port == 443 && address.prefix == "/_space/a")
        #expect(try ServerAddress("HTTPS://[::1]:8443").authority == "[::1]:8443")
        #expect(try ServerAddress("http://localhost").scheme == .http)
    }
}
