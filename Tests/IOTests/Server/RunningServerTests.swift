import Support
import Testing

@testable import Server

@Suite("Running server") struct RunningServerTests {
    @Test("a stopped server takes no connections and leaves none open")
    func stopping() async throws {
        let server = try TestServer { _ in .json("ok") }
        let idle = try server.client()
        let busy = try server.client()
        busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(busy.receiveAnswer().body == "ok")
        let calls = await server.stop()
        #expect(calls.count == 1)
        #expect(idle.receiveAll().text.isEmpty && busy.receiveAll().text.isEmpty)
        #expect(throws: RawClient.CannotConnect.self) { try server.client() }
    }

    @Test("stopping twice is stopping once")
    func twice() async throws {
        let server = try TestServer { _ in .json("ok") }
        server.server.stop()
        server.server.stop()
        _ = await server.stop()
    }

    @Test("a server open to others makes a token when it was given none")
    func ownToken() throws {
        var settings = ServingSettings()
        (settings.host, settings.port) = ("0.0.0.0", 0)
        let open = try RunningServer(
            settings, answering: ScriptedAnswers { _ in [] }, state: ScriptedAnswers.emptyState())
        #expect((open.controlToken?.utf8.count ?? 0) > 40)
        settings.host = "127.0.0.1"
        #expect(
            try RunningServer(
                settings, answering: ScriptedAnswers { _ in [] }, state: ScriptedAnswers.emptyState()
            ).controlToken == nil)
    }
}
