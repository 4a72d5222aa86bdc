import Testing

@Suite("InvokeAgentRuntime") struct InvokeAgentRuntimeTests {
    @Test("the path with a slash behind it is the same operation")
    func slash() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        #expect(try stage.call("POST", Stage.path + "/invocations/").body == "ok")
    }

    @Test("an MCP agent wants both content types accepted, and says so in JSON-RPC")
    func mcpAccept() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "protocol": "MCP""#))
        let refused = try stage.invoke(#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#, [("Accept", "application/json")])
        #expect(refused.status == 406)
        #expect(refused.json?["error"]?["code"]?.integer == -32011)
        #expect(refused.json?["id"]?.integer == 7)
        #expect(try stage.invoke("{}", [("Accept", "application/json, text/event-stream")]).body == "ok")
    }
}
