import Bytes
import Foundation
import JSON
import Library
import Recording
import Store
import Support
import Testing

/// The built program before another one, and what it makes of it in a file.
@Suite("What is passed on is recorded") struct RecordedTests {
    private static let agent = "arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A209803798463%3Aruntime%2Fa-ABCDEFGHIJ"
    private static let target = "/runtimes/\(agent)/invocations"
    private static let session = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: 0123456789abcdef0123456789abcdef0\r\n"

    private let folder: TemporaryFolder
    private let back: ServingProgram
    private let library: String

    init() throws {
        folder = try TemporaryFolder()
        let scenario = """
            {"understudy": 1, "agents": [{"arn": "*", "auth": "none"}], "rules": [
              {"when": {"payload": [{"path": "$.kind", "equals": "stream"}]},
               "reply": {"stream": {"every": "1ms", "events": [
                 {"data": {"t": "Hel"}}, {"data": {"t": "lo hun"}}, {"data": {"t": "ter2-4711 bye"}}]}}},
              {"when": {"payload": [{"path": "$.kind", "equals": "long"}]},
               "reply": {"stream": {"every": "1h", "events": [{"data": {"t": "first"}}, {"data": {"t": "second"}}]}}},
              {"reply": {"json": {"access_token": "opaque-9f8e7d6c", "said": "{{payload.password}}"}}}]}
            """
        back = try ServingProgram(try folder.write("back.json", scenario.utf8))
        library = try folder.write(
            "front.json", #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none"}]}"#.utf8)
    }

    private var file: String { folder.path("r.sqlite") }

    private func front(_ words: String...) throws -> ServingProgram {
        try ServingProgram(words: [library, "--upstream", back.ready.url] + words)
    }

    private func call(_ front: ServingProgram, _ body: String) throws -> RawClient.Answer {
        try front.ask("POST", Self.target, fields: Self.session + "Authorization: Bearer tok-4711-abc\r\n", body: body)
    }

    private func recorded() throws -> Scenario { try LibraryFile.read(file) }

    @Test("a call is in the file before the last byte of its answer leaves, whatever ends the program then")
    func killed() throws {
        for round in 1...3 {
            let front = try front("--record", file)
            for number in 1...4 {
                _ = try call(front, #"{"kind": "\#(number % 2 == 0 ? "stream" : "json")", "password": "hunter2-4711"}"#)
                #expect(try recorded().recorded.count == (round - 1) * 4 + number)
            }
            // One more is on its way, and is not in the file: neither the call nor its frames.
            let client = try front.client()
            let body = #"{"kind": "long"}"#
            client.send(
                "POST \(Self.target) HTTP/1.1\r\nHost: a\r\n\(Self.session)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            #expect(client.receive(through: "first").hasSuffix("first"))
            #expect(front.stop(by: SIGKILL).code == nil)
            let calls = try recorded().recorded
            #expect(calls.count == round * 4)
            #expect(calls.allSatisfy { $0.outcome == .completed && !$0.reply.frames.isEmpty })
        }
    }

    @Test("secrets never get into the file, and the same one has the same pseudonym when it is continued")
    func redacted() throws {
        for round in 1...2 {
            let front = try front("--record", file)
            _ = try call(front, #"{"kind": "json", "password": "hunter2-4711"}"#)
            _ = try call(front, #"{"kind": "stream", "password": "hunter2-4711"}"#)
            let end = front.stop()
            #expect(end.code == 0, "\(end.errors)")
            #expect(end.errors.contains("replay it: understudy serve \(file)"))
            #expect(try folder.names.filter { $0.hasPrefix("r.sqlite") } == ["r.sqlite"])
            #expect(try recorded().recorded.count == 2 * round)
        }
        let bytes = try folder.bytes("r.sqlite")
        // Long enough not to stand there by chance, as four digits may in a moment or a port.
        for secret in ["hunter2", "lo hun", "ter2-4711", "9f8e7d6c"] {
            let place = ByteSearch.first(Array(secret.utf8).span, in: bytes.span, from: 0)
            let around = place.map { String(lossy: bytes[max(0, $0 - 60)..<min(bytes.count, $0 + 60)]) }
            #expect(place == nil, "\(secret) in \(around ?? "")")
        }
        let calls = try recorded().recorded
        for call in calls {
            #expect(call.requestFields.value(of: "Authorization") == "Bearer [token-1]")
            #expect(String(lossy: call.requestBody).hasSuffix(#""password": "[password-1]"}"#))
        }
        let said = calls[1].reply.frames.map { String(lossy: $0.bytes) }
        #expect(said.count == 3 && said[1].contains("lo [password-1]") && said[2].contains(#"" bye""#))
        #expect(calls[1].reply.frames[1].size != nil)
    }

    @Test("a recording with secrets is cleaned in place, and nothing of them stays in the file")
    func cleaned() throws {
        let front = try front("--record", file, "--keep-secrets")
        _ = try call(front, #"{"kind": "json", "password": "hunter2-4711"}"#)
        _ = try call(front, #"{"kind": "stream"}"#)
        #expect(front.stop().code == 0)
        #expect(String(lossy: try recorded().recorded[0].requestBody).contains("hunter2-4711"))
        let end = try Program.run("redact", file)
        #expect(end.code == 0, "\(end.errors)")
        let bytes = try folder.bytes("r.sqlite")
        for secret in ["hunter2", "ter2-4711", "9f8e7d6c"] {
            #expect(ByteSearch.first(Array(secret.utf8).span, in: bytes.span, from: 0) == nil, "\(secret)")
        }
        #expect(try Program.run("redact", library).code == 2)
    }

    @Test("control calls begin and end recordings, each in a file of its own")
    func controlled() throws {
        let without = try front()
        #expect(try without.ask("POST", "/_understudy/recordings", body: #"{"name": "a"}"#).status == 400)
        let front = try front("--recordings", folder.path)
        for (name, status) in [("r", 201), ("r", 409), ("../r", 400), ("", 400)] {
            #expect(try front.ask("POST", "/_understudy/recordings", body: #"{"name": "\#(name)"}"#).status == status)
        }
        _ = try call(front, #"{"kind": "stream"}"#)
        let listed = try Value.parse(Array(try front.ask("GET", "/_understudy/recordings").body.utf8))
        let listing = try #require(listed["recordings"]?[0])
        #expect(listing["name"] == "r" && listing["active"] == true && listing["calls"] == 1)
        #expect(listing["frames"] == 3 && listing["redacted"] == 1 && listing["file"]?.text == file)
        let ended = try Value.parse(Array(try front.ask("DELETE", "/_understudy/recordings/r").body.utf8))
        #expect(ended["active"] == false && ended["clean"] == true)
        #expect(try front.ask("DELETE", "/_understudy/recordings/r").status == 404)
        #expect(try recorded().recorded.count == 1)
    }

    @Test("a client that leaves does not take what came before with it, and a foreign file is refused untouched")
    func left() throws {
        let front = try front("--record", file)
        let client = try front.client()
        let body = #"{"kind": "long"}"#
        client.send(
            "POST \(Self.target) HTTP/1.1\r\nHost: a\r\n\(Self.session)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(client.receive(through: "first").hasSuffix("first"))
        client.close()
        _ = try front.ask(
            "POST", "/_understudy/await", body: #"{"match": {"outcome": "client-closed"}, "within": "20s"}"#)
        #expect(front.stop().code == 0)
        let calls = try recorded().recorded
        #expect(calls.map(\.outcome) == [.clientClosed])
        #expect(calls.first.map { String(lossy: $0.reply.frames.flatMap(\.bytes)).contains("first") } == true)
        let before = try folder.bytes("front.json")
        let refused = try Program.run(
            "serve", library, "--port", "0", "--upstream", back.ready.url, "--record", library)
        #expect(refused.code == 2 && refused.errors.contains(library))
        #expect(try folder.bytes("front.json") == before)
    }
}
