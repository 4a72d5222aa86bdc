import JSON
import Support
import Testing

@testable import Server

@Suite("Control guard") struct ControlGuardTests {
    @Test(
        "hosts of this machine are answered",
        arguments: ["localhost", "LOCALHOST:8787", "127.0.0.1:1", "[::1]:8787", "a.localhost:80", "10.0.0.7"])
    func local(host: String) { #expect(ControlGuard.isLocal(host)) }

    @Test(
        "names that somebody may point here are not",
        arguments: ["evil.example", "localhost.evil.example", "", ":80", "xlocalhost", "127.0.0.1.evil.example"])
    func foreign(host: String) { #expect(!ControlGuard.isLocal(host)) }

    @Test("a web page of another origin is refused, and so is a foreign host")
    func pages() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        #expect(client.control("GET", "health", "", "Origin: http://evil.example\r\n").0 == 403)
        #expect(client.control("GET", "health", "", "Origin: null\r\n").0 == 403)
        #expect(client.control("GET", "health", "", "Origin: http://localhost:3000\r\n").0 == 200)
        client.send("GET /_understudy/health HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        #expect(client.receiveAnswer().status == 403)
        _ = await server.stop()
    }

    @Test("bound to more than loopback, the token is needed and enough")
    func token() async throws {
        var settings = ServingSettings()
        settings.host = "0.0.0.0"
        settings.controlToken = "s3cret"
        let server = try TestServer.emulating(settings: settings)
        let client = try server.client()
        #expect(client.control("GET", "health").0 == 401)
        #expect(client.control("GET", "health", "", "Authorization: Bearer s3cre\r\n").0 == 401)
        #expect(client.control("GET", "health", "", "Authorization: Bearer s3cret\r\n").0 == 200)
        #expect(client.control("GET", "health", "", "Authorization: bearer s3cret\r\n").0 == 200)
        #expect(client.call().status == 200)
        _ = await server.stop()
    }

    @Test("a server open to others makes a token when it was given none")
    func ownToken() throws {
        var settings = ServingSettings()
        (settings.host, settings.port) = ("0.0.0.0", 0)
        let open = try RunningServer(settings, answering: ScriptedAnswers { _ in [] })
        #expect((open.controlToken?.utf8.count ?? 0) > 40)
        settings.host = "127.0.0.1"
        #expect(try RunningServer(settings, answering: ScriptedAnswers { _ in [] }).controlToken == nil)
    }
}
