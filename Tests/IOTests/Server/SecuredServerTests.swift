import Support
import TLS
import Testing

@testable import Server

@Suite("A server's port for TLS") struct SecuredServerTests {
    private static let call =
        "POST /runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fa-0123456789/invocations "
        + "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"prompt\":\"a\"}"

    @Test(
        "the same is served over it, to whatever name it is asked for by",
        arguments: ["localhost", "a.localhost", "127.0.0.1", "bedrock-agentcore.us-east-1.amazonaws.com"])
    func served(host: String) async throws {
        let secured = try SecuredServer()
        let client = try secured.client(to: host)
        for _ in 0..<3 {
            client.send(Self.call)
            let answer = client.receiveAnswer()
            #expect(answer.status == 200 && answer.body.contains("\"a\""))
        }
        client.close()
        let calls = await secured.server.stop()
        #expect(calls.count == 3 && calls.allSatisfy { $0.number(.status) == 200 })
    }

    @Test("a plain request is answered with a sentence, and stands in the journal")
    func plainRequest() async throws {
        let secured = try SecuredServer()
        let client = try RawClient(port: secured.port)
        client.send(Self.call)
        let answer = client.receiveAnswer()
        #expect(answer.status == 400 && answer.body.contains("This port speaks TLS"))
        #expect(client.receiveAll().end == .fin)
        let calls = await secured.server.stop()
        #expect(calls.count == 1 && calls.first?.number(.status) == 400)
    }

    @Test("a TLS handshake at the plain port is answered with a sentence, and stands in the journal")
    func handshakeAtPlainPort() async throws {
        let secured = try SecuredServer()
        let raw = try secured.server.client()
        let client = try SecureClient(raw, secured.trust, to: "localhost")
        #expect(client.shakeHands() == .failed(.notTLS))
        let calls = await secured.server.stop()
        #expect(calls.count == 1 && calls.first?.number(.status) == 400)
    }

    @Test("half a handshake ends when its time is up")
    func halfHandshake() async throws {
        let secured = try SecuredServer { $0.timeouts.handshake = 20_000_000 }
        for bytes: [UInt8] in [[], [0x16], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]] {
            let client = try RawClient(port: secured.port)
            client.send(bytes)
            #expect(client.receiveAllBytes().end != .silence)
        }
        _ = await secured.server.stop()
    }

    @Test("whatever comes instead of a handshake, the server goes on")
    func garbage() async throws {
        let secured = try SecuredServer()
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<100 {
            let client = try RawClient(port: secured.port)
            var bytes = (0..<Int.random(in: 1...600, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bytes = [0x16, 3, 1] + bytes }
            client.send(bytes)
            client.finishWriting()
            #expect(client.receiveAllBytes().end != .silence)
        }
        let client = try secured.client()
        client.send(Self.call)
        #expect(client.receiveAnswer().status == 200)
        _ = await secured.server.stop()
    }

    @Test("without a place for the authority, or with files that are no certificate, it does not start, and says why")
    func cannotStart() throws {
        #expect { try SecuredServer { $0.authorityFolder = nil } } throws: {
            ($0 as? StartError)?.text.contains("XDG_DATA_HOME") == true
        }
        #expect { try SecuredServer { $0.ownCertificate = ("/none.pem", "/none.pem") } } throws: {
            ($0 as? StartError)?.text == "--tls-cert /none.pem cannot be read: No such file or directory"
        }
    }

    @Test("a port in use is an error that names the option")
    func portInUse() async throws {
        let secured = try SecuredServer()
        let port = secured.port
        let error = #expect(throws: StartError.self) { try SecuredServer { $0.tlsPort = port } }
        #expect(error == .portInUse(host: "127.0.0.1", port: port, option: "--tls-port"))
        #expect(error?.text.contains("--tls-port") == true)
        _ = await secured.server.stop()
    }
}
