import Testing

@Suite("GetAgentCard") struct GetAgentCardTests {
    let path = Stage.path + "/invocations/.well-known/agent-card.json"

    @Test("an A2A agent has a card that says where it is called")
    func card() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "protocol": "A2A""#))
        let reply = try stage.call("GET", path)
        #expect(reply.json?["name"]?.text == "hosted_agent")
        #expect(reply.json?["url"]?.text == "http://127.0.0.1:8787\(Stage.path)/invocations/")
        #expect(try stage.call("HEAD", path).status == 200)
    }

    @Test("a rule for the operation is the card")
    func scripted() throws {
        let stage = try Stage(
            script(
                #"{"operation": "GetAgentCard", "reply": {"json": {"name": "mine"}}}"#,
                agent: #""arn": "*", "protocol": "A2A""#))
        #expect(try stage.call("GET", path).json?["name"]?.text == "mine")
    }

    @Test("an agent without a card fails as its container would")
    func none() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        #expect(try stage.call("GET", path).status == 424)
    }
}
