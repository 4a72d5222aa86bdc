import Testing

@testable import Server

@Suite("Fetch place") struct FetchPlaceTests {
    @Test(
        "a URL is taken apart",
        arguments: [
            ("http://127.0.0.1:8787/a/b?c=d#e", "127.0.0.1", 8787, "127.0.0.1:8787", "/a/b?c=d"),
            ("http://localhost/x", "127.0.0.1", 80, "localhost", "/x"),
            ("HTTP://A.LocalHost:9", "127.0.0.1", 9, "A.LocalHost:9", "/"),
            ("http://[::1]:80?q", "::1", 80, "[::1]:80", "/?q"),
        ] as [(String, String, UInt16, String, String)])
    func parts(url: String, address: String, port: UInt16, authority: String, target: String) throws {
        let place = try #require(FetchPlace(url))
        #expect(place.address == address && place.port == port)
        #expect(place.authority == authority && place.target == target)
    }

    @Test(
        "what needs a name server, or is no http URL, is refused",
        arguments: [
            "", "http://", "http:///x", "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/", "http://127.0.0.1:x/", "http://a@b/", "ftp://127.0.0.1/", "http://:80/",
        ])
    func refused(url: String) { #expect(FetchPlace(url) == nil) }
}
