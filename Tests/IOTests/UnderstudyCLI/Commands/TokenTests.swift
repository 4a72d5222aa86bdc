import Bytes
import JSON
import Server
import Support
import Testing

@testable import UnderstudyCLI

@Suite("token") struct TokenTests {
    /// The claims of the printed token.
    private func claims(_ words: String...) throws -> Value { try claims(of: Ran(["token"] + words)) }

    private func claims(of ran: Ran) throws -> Value {
        #expect(ran.exit == .good && ran.errors.isEmpty, "\(ran.errors)")
        let parts = ran.output.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 3 && ran.lines.count == 1)
        return try Value.parse(try #require(Base64.url.decode(Array(parts[1].utf8))))
    }

    private func fixture(_ name: String) -> String {
        Vectors.repository.appending(path: "fixtures/scenarios/\(name).json").path
    }

    @Test("without anything, an access token of the built-in library for an hour")
    func plain() throws {
        let claims = try claims()
        #expect(claims["token_use"]?.text == "access")
        #expect(claims["iss"]?.text == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(try #require(claims["exp"]?.integer) - (try #require(claims["iat"]?.integer)) == 3_600)
        #expect(Ran("token").output != Ran("token").output)
    }

    @Test("what the options say is in it; a value that is JSON keeps its type")
    func options() throws {
        let claims = try claims(
            "--expires-in", "45s", "--client-id", "web", "--user", "anna", "--claim", "tier=gold", "--claim", "n=3",
            "--claim", "ok=true", "--claim", "a=[1]", "--claim", "url=http://x/?a=b", "--claim", "empty=")
        #expect(try #require(claims["exp"]?.integer) - (try #require(claims["iat"]?.integer)) == 45)
        #expect(claims["client_id"]?.text == "web" && claims["username"]?.text == "anna")
        #expect(claims["tier"] == "gold" && claims["n"] == 3 && claims["ok"] == true && claims["a"] == [1])
        #expect(claims["url"] == "http://x/?a=b" && claims["empty"] == "")
        #expect(try self.claims("--id-token")["token_use"]?.text == "id")
    }

    @Test("for an agent, what the agent asks for")
    func agents() throws {
        let claims = try claims(fixture("restaurant"), "--agent", "restaurant_search_agent-ABCDEFGHIJ")
        #expect(claims["client_id"]?.text == "restaurant-web")
    }

    @Test(
        "what is wrong is said",
        arguments: [
            (["--expires-in", "soon"], "soon"), (["--claim", "x"], "NAME=VALUE"), (["--claim", "=x"], "NAME=VALUE"),
            (["--claim", "a=1", "--claim", "a=2"], "--claim a is given twice"), (["no.json"], "no.json"),
            (["--server", "nowhere"], "not the address of a server"),
            (["--server", "https://127.0.0.1:1", "--ca", "no.pem"], "no.pem holds no certificate that could be read"),
            (["--ca", "x"], "--ca is for --server"),
            (["--control-token", "x"], "--control-token is for --server"),
            (["--server", "http://127.0.0.1:1", "a.json"], "name no other"),
            (["--server", "http://127.0.0.1:1", "--control-token", "a b"], "visible ASCII"),
        ])
    func mistakes(words: [String], named: String) {
        let ran = Ran(["token"] + words)
        #expect(ran.exit == .badInput && ran.output.isEmpty && ran.errors.contains(named))
    }

    @Test("an agent that the library does not have is named, with those that it has")
    func unknownAgent() {
        let ran = Ran("token", fixture("coach"), "--agent", "nobody-ABCDEFGHIJ")
        #expect(ran.exit == .badInput)
        #expect(ran.errors.contains("no agent “nobody-ABCDEFGHIJ”; it has coach_companion-0ZUOP04U5z"))
    }

    @Test("a running server signs with its own library, and under its own address")
    func servers() async throws {
        let server = try TestServer.emulating()
        let url = "http://127.0.0.1:\(server.port)"
        let claims = try claims("--server", url, "--expires-in", "90s", "--claim", "x=1")
        #expect(claims["iss"]?.text == url + "/us-east-1_Understudy" && claims["x"] == 1)
        let ran = Ran("token", "--server", url, "--expires-in", "soon")
        #expect(ran.exit == .badInput && ran.errors.contains("answers 400") && ran.errors.contains("soon"))
        _ = await server.stop()
    }

    @Test("a server that wants a control token gets it")
    func controlToken() async throws {
        var settings = ServingSettings()
        settings.controlToken = "secret-token"
        let server = try TestServer.emulating(settings: settings)
        let url = "http://127.0.0.1:\(server.port)"
        _ = try claims("--server", url, "--control-token", "secret-token")
        for words in [["token", "--server", url], ["token", "--server", url, "--control-token", "wrong"]] {
            let ran = Ran(words)
            #expect(ran.exit == .badInput && ran.errors.contains("401") && ran.errors.contains("--control-token"))
        }
        _ = await server.stop()
    }
}
