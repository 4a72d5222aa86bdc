import Emulator
import Library
import Support
import Testing
import Time

@testable import Server

@Suite("An issuer that is another server") struct ForeignIssuerTests {
    private static let path = "/.well-known/openid-configuration"

    /// Names where its keys are, and has them.
    private static func issuer(keysAt path: String) throws -> TestServer {
        try TestServer { request in
            guard request.pathText == Self.path else {
                return .json(String(decoding: TokenFixtures.bytes("keys.json"), as: UTF8.self))
            }
            let url = "http://\(request.text(of: "host") ?? "")"
            return .json(#"{"issuer":"\#(url)","jwks_uri":"\#(url)\#(path)"}"#)
        }
    }

    /// A server whose agent believes it.
    private static func server(_ issuer: TestServer) throws -> TestServer {
        let url = "http://127.0.0.1:\(issuer.port)\(path)"
        let scenario = """
            {"understudy": 1, "rules": [{"reply": {"text": "x"}}],
             "agents": [{"arn": "*", "auth": {"jwt": {"discoveryUrl": "\(url)", "allowedClients": ["c"]}}}]}
            """
        let read = ScenarioFile.read(Array(scenario.utf8), fileName: "test", .complete()).0
        let understudy = try Understudy(
            scenario: try #require(read), settings: Understudy.Settings(seed: 1), now: Instant(seconds: 1_768_478_400))
        return try TestServer(answering: understudy, state: understudy.state)
    }

    private static func call(_ client: RawClient) -> RawClient.Answer {
        client.send(
            "POST /runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012 HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer \(TokenFixtures.token("RS256").token)\r\nContent-Length: 2\r\n\r\n{}")
        return client.receiveAnswer()
    }

    @Test("a key set that is the discovery document itself is a 401 with its reason in the journal")
    func itself() async throws {
        let issuer = try Self.issuer(keysAt: Self.path)
        let server = try Self.server(issuer)
        #expect(Self.call(try server.client()).status == 401)
        let calls = await server.stop()
        #expect(calls.map { $0.number(.status) } == [401])
        #expect(calls.first?.text(.authWhy)?.contains("that is the discovery document itself") == true)
        #expect(await issuer.stop().count == 1)
    }

    @Test("wherever the server's clock stands, a call is answered, and its documents are fetched once")
    func clock() async throws {
        let issuer = try Self.issuer(keysAt: "/keys")
        let server = try Self.server(issuer)
        let client = try server.client()
        #expect(Self.call(client).status == 401)
        for move in [#"{"advance":"3h"}"#, #"{"advance":"200h"}"#, #"{"set":"2020-01-01T00:00:00Z"}"#] {
            #expect(client.control("PUT", "clock", move).0 == 200)
            #expect(Self.call(client).status == 401)
        }
        #expect(await server.stop().count == 4)
        #expect(await issuer.stop().map(\.path) == [Self.path, "/keys"])
    }
}
