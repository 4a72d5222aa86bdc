import Access
import Bytes
import Emulator
import JSON
import Library
import Support
import Testing

@Suite("Token requests") struct TokenRequestsTests {
    let stage: Stage

    init() throws { stage = try Stage(jwtScenario, checksAccess: true) }

    private func token(_ request: String) throws -> String {
        let (read, _) = ScenarioFile.read(Array(jwtScenario.utf8), fileName: "x", .complete())
        var chance = SeededGenerator(seed: 1)
        return try TokenRequests(try #require(read)).token(
            for: try Value.parse(request), base: "http://127.0.0.1:8787", now: Stage.noon, chance: &chance)
    }

    @Test("a token for an agent is one that the agent accepts")
    func accepted() throws {
        let reply = try stage.invoke(
            "{}", [("Authorization", "Bearer \(try token(#"{"agent": "hosted_agent-Ab12Cd34Ef"}"#))")])
        #expect(reply.body == "ok")
    }

    @Test("it lasts as long as asked for, and what is asked for may be wrong on purpose")
    func wrong() throws {
        let short = try token(#"{"agent": "\#(Stage.arn)", "expiresIn": "45s"}"#)
        #expect(try stage.invoke("{}", [("Authorization", "Bearer \(short)")]).message?.contains("Ineffectual") == true)
        let past = try token(#"{"agent": "\#(Stage.arn)", "expiresIn": "-45s"}"#)
        #expect(try stage.invoke("{}", [("Authorization", "Bearer \(past)")]).message?.contains("Ineffectual") == true)
        let other = try token(#"{"agent": "\#(Stage.arn)", "clientId": "somebody"}"#)
        #expect(
            try stage.invoke("{}", [("Authorization", "Bearer \(other)")]).json?["error"]?["message"]?.text
                == "Claim 'client_id' value mismatch with configuration.")
    }

    @Test(
        "a mistake is said in words",
        arguments: [
            #"{"agnet": "x"}"#, "[]", #"{"expiresIn": "soon"}"#, #"{"idToken": "yes"}"#, #"{"claims": []}"#,
            #"{"scopes": ["a", 3]}"#,
        ])
    func mistakes(request: String) {
        #expect(throws: TokenMistake.self) { try token(request) }
    }

    @Test("an agent that allows no scope at all gets a token without one")
    func noScope() throws {
        var authorizer = JWTAuthorizer(discoveryUrl: "http://127.0.0.1:8787/pool/.well-known/openid-configuration")
        authorizer.allowedScopes = []
        var agent = Agent(arn: Stage.arn)
        agent.auth = .jwt(authorizer)
        var scenario = Scenario()
        scenario.agents = [agent]
        var chance = SeededGenerator(seed: 1)
        let token = try TokenRequests(scenario).token(
            for: ["agent": .string(Stage.arn)], base: "http://127.0.0.1:8787", now: Stage.noon, chance: &chance)
        let parts = token.split(separator: ".")
        let claims = try Value.parse(try #require(Base64.url.decode(parts[1].utf8)))
        #expect(claims["scope"]?.text ?? "" == "")
    }
}
