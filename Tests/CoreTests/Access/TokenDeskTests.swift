import Access
import JSON
import Scenarios
import Testing

@Suite("Token desk") struct TokenDeskTests {
    let stage: Stage

    init() throws { stage = try Stage(jwtScenario, checksAccess: true) }

    private func token(_ request: String) throws -> String {
        let (read, _) = ScenarioFile.read(Array(jwtScenario.utf8), fileName: "x")
        var chance = SystemRandomNumberGenerator()
        return try TokenDesk(try #require(read)).token(
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
        arguments: [#"{"agnet": "x"}"#, "[]", #"{"expiresIn": "soon"}"#, #"{"idToken": "yes"}"#, #"{"claims": []}"#])
    func mistakes(request: String) {
        #expect(throws: TokenMistake.self) { try token(request) }
    }
}
