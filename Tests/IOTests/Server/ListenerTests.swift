import CShims
import Support
import Testing

@testable import Server

@Suite("Listener") struct ListenerTests {
    private func start(_ host: String, _ port: UInt16) throws -> RunningServer {
        var settings = ServingSettings()
        (settings.host, settings.port) = (host, port)
        return try RunningServer(
            settings, answering: ScriptedAnswers { _ in .json("ok") }, state: ScriptedAnswers.emptyState())
    }

    @Test("port 0 is a free port, and a port in use is an error that names it")
    func ports() throws {
        let first = try start("127.0.0.1", 0)
        #expect(first.port > 0)
        #expect(throws: StartError.portInUse(host: "127.0.0.1", port: first.port)) {
            try start("127.0.0.1", first.port)
        }
    }

    @Test("a port is free again when its server has gone, though its connections linger in the kernel")
    func again() async throws {
        let server = try TestServer { _ in .json("ok") }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.receiveAnswer().body == "ok")
        _ = await server.stop()
        #expect(try start("127.0.0.1", server.port).port == server.port)
    }

    @Test("what is no address is refused", arguments: ["", "example.com", "127.0.0.1.1", "300.0.0.1", "::g"])
    func addresses(host: String) {
        #expect(throws: StartError.notAnAddress(host)) { try start(host, 0) }
    }

    @Test("an address that is not this machine's is refused with the reason")
    func foreignAddress() {
        #expect { try start("192.0.2.1", 0) } throws: { error in
            if case .cannotListen(host: "192.0.2.1", port: 0, let reason)? = error as? StartError {
                return reason.contains("assign")
            }
            return false
        }
    }

    @Test("localhost and IPv6 are listened on", arguments: ["localhost", "::1", "::"])
    func hosts(host: String) throws {
        do {
            #expect(try start(host, 0).port > 0)
        } catch StartError.cannotListen where host.contains(":") {
            // A machine without IPv6.
        }
    }
}
