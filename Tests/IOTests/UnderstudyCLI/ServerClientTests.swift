import Bytes
import HTTPWire
import JSON
import Server
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Asking a server") struct ServerClientTests {
    /// Below a path of its own, so that the test's script answers and not the control API.
    private func client(_ server: TestServer, token: String? = nil) throws -> ServerClient {
        ServerClient(try ServerAddress("http://127.0.0.1:\(server.port)/test/"), token: token)
    }

    private func message(_ port: UInt16, patience: Duration = .seconds(20)) -> String {
        do {
            let address = try ServerAddress("http://127.0.0.1:\(port)/test")
            _ = try ServerClient(address, patience: patience).post("/x", [:])
        } catch { return error.message }
        return ""
    }

    @Test("a request has the prefix, the host, the body's type and the token")
    func requests() async throws {
        let server = try TestServer { request in
            let seen = ["host", "content-type", "authorization", "content-length"].map { request.text(of: $0) ?? "-" }
            return .json(Value.array(([request.methodText, request.targetText] + seen).map(Value.string)).json())
        }
        let answer = try client(server, token: "t0ken").post("/a?b=c", ["x": 1])
        #expect(
            answer == [
                "POST", "/test/a?b=c", .string("127.0.0.1:\(server.port)"), "application/json", "Bearer t0ken", "7",
            ])
        #expect(try client(server).post("/a", [:])[4] == "-")
        _ = await server.stop()
    }

    @Test("content comes as it comes: with a length, in chunks, until the end", arguments: ["length", "chunks", "end"])
    func contents(kind: String) async throws {
        let text = String(repeating: "0123456789", count: 20_000)
        let server = try TestServer { request in
            switch request.pathText {
            case "/test/length": .json(text)
            case "/test/chunks":
                .streamed(.body(Array(text.utf8)), .wait(until: 2_000_000), .body(Array("!".utf8)), .end)
            default: .streamed(.body(Array(text.utf8)), .end)
            }
        }
        var pieces: [[UInt8]] = []
        try client(server).get("/" + kind) { (piece) throws(Failure) in pieces.append(piece) }
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == text + (kind == "chunks" ? "!" : ""))
        _ = await server.stop()
    }

    @Test("a refusal is told in the server's words", arguments: [400, 401, 403, 404, 500, 503])
    func refusals(status: Int) async throws {
        let server = try TestServer { _ in .json(#"{"error": "because"}"#, status: status) }
        let found = message(server.port)
        #expect(found.hasPrefix("the server on 127.0.0.1:\(server.port) answers \(status): because"))
        #expect(found.contains("--control-token") == (status == 401))
        _ = await server.stop()
    }

    @Test("a refusal that is no JSON is told as it is, and not at any length")
    func longRefusals() async throws {
        let server = try TestServer { _ in .json(String(repeating: "x", count: 100_000), status: 502) }
        #expect(message(server.port).hasSuffix("answers 502: " + String(repeating: "x", count: 200)))
        _ = await server.stop()
    }

    @Test(
        "who is no such server is told",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "does not answer as an Understudy server does"),
            ("", "closed the connection"), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "closed the connection"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "no JSON came"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "does not answer as"),
        ])
    func strangers(bytes: String, words: String) async throws {
        let server = try RawServer(saying: Array(bytes.utf8))
        let found = message(server.port)
        #expect(found.contains(words) && found.contains("127.0.0.1:\(server.port)"))
        await server.stop()
    }

    @Test("a stream may end with its server; what is no stream may not")
    func streams() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for (bytes, isGood) in [
            (head + "2\r\nhi\r\n", true), (head, true), ("HTTP/1.1 200 OK\r\n", false), ("", false),
        ] {
            let server = try RawServer(saying: Array(bytes.utf8))
            let client = ServerClient(try ServerAddress("http://127.0.0.1:\(server.port)"))
            var content: [UInt8] = []
            var failure: Failure?
            do throws(Failure) {
                try client.stream("/") { (piece) throws(Failure) in content += piece }
            } catch { failure = error }
            #expect((failure == nil) == isGood)
            #expect(String(decoding: content, as: UTF8.self) == (bytes.contains("hi") ? "hi" : ""))
            await server.stop()
        }
    }

    @Test("nobody there, nobody who answers, no such host")
    func nobody() async throws {
        let server = try TestServer { _ in [.hang] }
        let port = server.port
        #expect(message(port, patience: .milliseconds(30)) == "127.0.0.1:\(port) says nothing for 30ms")
        _ = await server.stop()
        #expect(message(port) == "no server answers on 127.0.0.1:\(port) (understudy serve starts one)")
        #expect(throws: Failure("there is no host a..b: it is no name of a host")) {
            try ServerClient(ServerAddress("http://a..b:1")).post("/", [:])
        }
    }

    @Test(
        "what cannot stand in a request is not sent",
        arguments: ["http://127.0.0.1:1/a b", "http://a b:1", "http://127.0.0.1:1/é"])
    func unsendable(url: String) async throws {
        let server = try TestServer { _ in .json("{}") }
        let url = url.replacing(":1", with: ":\(server.port)")
        #expect(throws: Failure.self) { try ServerClient(ServerAddress(url)).post("/x", [:]) }
        #expect(await server.stop().isEmpty)
    }

    @Test("over TLS, by the name and the address, where the authority is trusted: answers, and what comes in pieces")
    func secure() async throws {
        let secured = try SecuredServer()
        let authority = secured.folder.path("ca.pem")
        for host in ["localhost", "127.0.0.1"] {
            let client = ServerClient(try ServerAddress("https://\(host):\(secured.port)"), authority: authority)
            #expect(try client.ask("GET", "/_understudy/health")["status"]?.text == "ok")
            var calls: [UInt8] = []
            try client.get("/_understudy/calls") { (piece) throws(Failure) in calls += piece }
            #expect(String(decoding: calls, as: UTF8.self).contains(#""calls""#))
        }
        _ = await secured.server.stop()
    }

    @Test("whom nobody trusts, and who speaks no TLS or nothing else, is told with what to do")
    func distrusted() async throws {
        let secured = try SecuredServer()
        func message(_ url: String, _ authority: String? = nil) -> String {
            do throws(Failure) {
                _ = try ServerClient(ServerAddress(url), authority: authority).post("/x", [:])
            } catch { return error.message }
            return ""
        }
        let stranger = message("https://localhost:\(secured.port)")
        #expect(stranger.contains("signed by nobody who is trusted here: --ca FILE names an authority"))
        let plain = message("https://localhost:\(secured.server.port)")
        #expect(plain.hasSuffix("does not speak TLS: for plain HTTP write http://localhost:\(secured.server.port)"))
        #expect(message("http://127.0.0.1:\(secured.port)").contains("This port speaks TLS"))
        #expect(message("https://localhost:\(secured.port)", "/none.pem").contains("/none.pem holds no certificate"))
        _ = await secured.server.stop()
        let rude = try RawServer(saying: [])
        #expect(message("https://127.0.0.1:\(rude.port)").hasSuffix("in the middle of the TLS handshake or session"))
        await rude.stop()
    }

    @Test("over IPv6, too")
    func version6() async throws {
        var settings = ServingSettings()
        settings.host = "::1"
        let server = try TestServer(settings: settings) { _ in .json("[1]") }
        #expect(try ServerClient(ServerAddress("http://[::1]:\(server.port)/test")).post("/", [:]) == [1])
        _ = await server.stop()
    }
}
