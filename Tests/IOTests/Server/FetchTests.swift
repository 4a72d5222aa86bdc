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
        "what is no http URL, or names a user, is not fetched",
        arguments: [
            "", "http://", "http:///x", "http://127.0.0.1:0/", "http://127.0.0.1:x/", "http://a@b/", "ftp://127.0.0.1/",
            "http://:80/",
        ])
    func notFetched(url: String) throws { #expect(try reason(url) == "the URL cannot be asked for") }
}
