import Access
import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Fetch") struct FetchTests {
    private func outcome(_ url: String, timeout: Int64 = 5_000_000_000) throws -> Result<[UInt8], FetchFailure> {
        try #require(try KeyFetcherTests.fetch(url, timeout: timeout).learnt.first)
    }

    private func reason(_ url: String, timeout: Int64 = 5_000_000_000) throws -> String {
        switch try outcome(url, timeout: timeout) {
        case .failure(let failure): failure.reason
        case .success(let bytes): "fetched \(bytes.count) bytes"
        }
    }

    @Test("a document arrives with a length, in chunks, or until the connection ends")
    func documents() async throws {
        let server = try TestServer { request in
            switch request.pathText {
            case "/length": .json("12345")
            case "/chunks": .streamed(.body([0x31]), .wait(until: 3_000_000), .body([0x32]), .end)
            default: .streamed(.body(Array("until the end".utf8)), .close)
            }
        }
        let base = "http://localhost:\(server.port)"
        #expect(try outcome(base + "/length").get() == Array("12345".utf8))
        #expect(try outcome(base + "/chunks").get() == Array("12".utf8))
        #expect(try reason(base + "/cut").contains("closed"))
        _ = await server.stop()
    }

    @Test("an answer that is no document is a failure that says why")
    func failures() async throws {
        let big = String(repeating: "x", count: 1_048_577)
        let server = try TestServer { request in
            switch request.pathText {
            case "/missing": .json("{}", status: 404)
            case "/moved": .json("{}", status: 302)
            case "/big": .json(big)
            case "/reset": [.reset]
            default: [.hang]
            }
        }
        let base = "http://127.0.0.1:\(server.port)"
        #expect(try reason(base + "/missing").contains("404"))
        #expect(try reason(base + "/moved").contains("302"))
        #expect(try reason(base + "/big").contains("1048576"))
        #expect(try reason(base + "/reset").contains("reset"))
        #expect(try reason(base + "/hang", timeout: 30_000_000).contains("in time"))
        _ = await server.stop()
    }

    @Test("nobody listening is a failure")
    func nobody() async throws {
        let server = try TestServer { _ in [.hang] }
        let port = server.port
        _ = await server.stop()
        #expect(try reason("http://127.0.0.1:\(port)/").contains("refused"))
    }

    @Test(
        "a URL is taken apart",
        arguments: [
            ("http://127.0.0.1:8787/a/b?c=d#e", "127.0.0.1", 8787, "127.0.0.1:8787", "/a/b?c=d"),
            ("http://localhost/x", "127.0.0.1", 80, "localhost", "/x"),
            ("HTTP://A.LocalHost:9", "127.0.0.1", 9, "A.LocalHost:9", "/"),
            ("http://[::1]:80?q", "::1", 80, "[::1]:80", "/?q"),
        ] as [(String, String, UInt16, String, String)])
    func parts(url: String, address: String, port: UInt16, authority: String, target: String) throws {
        let place = try #require(HTTPURI(url))
        #expect(place.literalAddress == address && place.port == port)
        #expect(place.authority == authority && place.target == target)
    }

    @Test(
        "what needs a name server, or is no http URL, is refused",
        arguments: [
            "", "http://", "http:///x", "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/", "http://127.0.0.1:x/", "http://a@b/", "ftp://127.0.0.1/", "http://:80/",
        ])
    func notLocal(url: String) { #expect(HTTPURI(url)?.literalAddress == nil) }
}
