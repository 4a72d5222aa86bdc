import Testing

@Suite("GetRuntimeProtectedResourceMetadata") struct GetRuntimeProtectedResourceMetadataTests {
    let path = Stage.path + "/invocations/.well-known/oauth-protected-resource?qualifier=DEFAULT"

    @Test("anybody may read where an agent's tokens come from")
    func document() throws {
        let reply = try Stage(jwtScenario, checksAccess: true).call("GET", path)
        #expect(reply.status == 200)
        #expect(
            reply.json?["authorization_servers"]?[0]?.text == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(
            reply.json?["resource"]?.text == "http://127.0.0.1:8787\(Stage.path)/invocations?qualifier=DEFAULT")
    }

    @Test("an agent that takes signatures has no such document")
    func none() throws {
        #expect(try Stage().call("GET", path).status == 404)
    }
}
