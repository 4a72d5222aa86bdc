import Support
import Testing

@testable import Server
@testable import UnderstudyCLI

@Suite("health") struct HealthTests {
    @Test("a server that answers is well, also one that wants a token")
    func well() async throws {
        var settings = ServingSettings()
        for token in [nil, "open-sesame"] {
            settings.controlToken = token
            let server = try TestServer.emulating(settings: settings)
            let ran = Ran(["health", "http://127.0.0.1:\(server.port)"])
            #expect(ran.exit == .good && ran.output == "127.0.0.1:\(server.port): ok\n")
            #expect(Ran(["health", "http://127.0.0.1:\(server.port)", "--quiet"]).output == "")
            _ = await server.stop()
        }
    }

    @Test("another server than ours is not, whatever it answers", arguments: [#"{"status":"ok"}"#, "[]", "ok"])
    func others(body: String) async throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let server = try RawServer(saying: Array(text.utf8))
        let ran = Ran(["health", "http://127.0.0.1:\(server.port)"])
        #expect(ran.exit == .verdictFailed)
        #expect(ran.output == "127.0.0.1:\(server.port): answers 200, but not as an Understudy server\n")
        await server.stop()
    }

    @Test("where nobody answers it is not")
    func unwell() async throws {
        let server = try TestServer.emulating()
        let port = server.port
        _ = await server.stop()
        let ran = Ran(["health", "http://127.0.0.1:\(port)"])
        #expect(ran.exit == .verdictFailed && ran.errors.contains("no server answers"))
        #expect(Ran(["health", "one", "two"]).exit == .badInput)
    }
}
