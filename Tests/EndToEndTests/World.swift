import Bytes
import Foundation
import JSON
import SSEWire
import SigV4
import Support
import Testing
import Time

@testable import UnderstudyCLI

/// A fixture's scenario on the built server, or several as one, with a journal file, and clients of it.
final class World {
    let serving: ServingProgram
    let folder: TemporaryFolder
    private let prefix: String
    private let signer: Signer?
    /// The signatures that were sent.
    private(set) var signatures: [String] = []

    /// `agents` is what the ARNs of the scenario begin with, up to the agent's id; `key` signs, if calls are signed.
    init(
        _ fixtures: String..., agents: String, key: (id: String, secret: String, region: String)? = nil, speed: Int = 1
    ) throws {
        folder = try TemporaryFolder()
        let options = ["--journal", folder.path("calls.sqlite"), "--speed", String(speed)]
        serving = try ServingProgram(words: fixtures.map(Self.path) + options)
        prefix = "arn:aws:bedrock-agentcore:" + agents + ":runtime/"
        signer = key.map {
            Signer(
                accessKeyId: $0.id, credential: SigningCredential(secret: $0.secret), region: $0.region,
                service: "bedrock-agentcore")
        }
        // The restaurant names its server as its own issuer, whose port was not known before.
        if fixtures.contains("restaurant") { try rewrite("127.0.0.1:8787", as: "127.0.0.1:\(serving.port)") }
    }

    static func path(of fixture: String) -> String {
        Vectors.repository.appending(path: "fixtures/scenarios/\(fixture).json").path
    }

    /// Serves the same scenario with other words in it.
    func rewrite(_ old: String, as new: String) throws {
        let scenario = try serving.ask("GET", "/_understudy/scenario").body
        #expect(scenario.contains(old))
        let answer = try serving.ask("PUT", "/_understudy/scenario", body: scenario.replacing(old, with: new))
        #expect(answer.status == 200, "\(answer.body)")
    }

    /// A session id of its length.
    static func session(_ name: String) -> String { name + "-" + String(repeating: "0", count: 40) }

    struct Answer {
        var raw: RawClient.Answer
        var status: Int { raw.status }

        init(_ raw: RawClient.Answer) { self.raw = raw }

        var json: JSON.Value { (try? Value.parse(raw.body)) ?? .null }
        var events: [Event] {
            var parser = Parser()
            return parser.feed(Array(raw.body.utf8))
        }
    }

    /// Invokes an agent with this payload, signed or with a bearer token.
    func invoke(
        _ agent: String, _ payload: JSON.Value, session: String = "session", token: String? = nil
    ) throws -> Answer {
        let client = try serving.client()
        client.send(invocation(agent, payload, session: session, token: token))
        return Answer(client.receiveAnswer())
    }

    func stop(_ agent: String, session: String) throws -> Answer {
        let client = try serving.client()
        client.send(
            request(
                agent, "stopruntimesession", session: session,
                body: #"{"clientToken":"52e835c0-9f5d-4a8e-9f3e-6f0d1c2b3a4d"}"#))
        return Answer(client.receiveAnswer())
    }

    /// The bytes of an invocation.
    func invocation(
        _ agent: String, _ payload: JSON.Value, session: String = "session", token: String? = nil
    ) -> String {
        var fields: [Signer.Field] = [("Content-Type", "application/json"), ("Accept", "*/*")]
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        return request(agent, "invocations", session: session, fields, body: payload.json())
    }

    private func request(
        _ agent: String, _ operation: String, session: String, _ more: [Signer.Field] = [], body: String
    ) -> String {
        let target = "/runtimes/\(PercentEncoding.encode((prefix + agent).utf8))/\(operation)?qualifier=DEFAULT"
        var fields: [Signer.Field] = [
            ("Host", "127.0.0.1:\(serving.port)"),
            ("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", Self.session(session)),
        ]
        fields += more
        if let signer {
            let now = Instant(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
            fields += signer.sign(method: "POST", target: target, fields: fields, body: Array(body.utf8), at: now)
            signatures.append(String(fields.last?.value.suffix(64) ?? ""))
        }
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "POST \(target) HTTP/1.1\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// What the server says it will do to so many calls.
    func plan(calls: Int) throws -> [JSON.Value] {
        let answer = Answer(try serving.ask("GET", "/_understudy/plan?calls=\(calls)"))
        return try #require(answer.json["calls"]?.array)
    }

    /// What the journal says, asked of the running server.
    func calls() throws -> [JSON.Value] {
        let answer = Answer(try serving.ask("GET", "/_understudy/calls"))
        return try #require(answer.json["calls"]?.array)
    }

    /// Ends the server; what its journal file says then.
    func end() throws -> [JSON.Value] {
        #expect(serving.stop().code == 0)
        let said = Gathered<[UInt8]>()
        let console = Console { isError, bytes in
            #expect(!isError, "\(String(decoding: bytes, as: UTF8.self))")
            said.add(bytes)
            return 0
        }
        #expect(run(["journal", folder.path("calls.sqlite"), "--json"], console) == .good)
        return try said.all.map { try Value.parse($0) }
    }

    /// Whether any of these texts stands in any file that the journal is made of.
    func journalHolds(_ secrets: [String]) throws -> [String] {
        let bytes = try folder.names.filter { $0.hasPrefix("calls.sqlite") }.map { try folder.bytes($0) }
        return secrets.filter { secret in bytes.contains { $0.firstRange(of: Array(secret.utf8)) != nil } }
    }
}

extension JSON.Value {
    /// The words of a coach.
    var words: String { self["response"]?["content"]?[0]?["text"]?.text ?? "" }
}
