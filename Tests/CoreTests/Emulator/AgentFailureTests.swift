import Testing

@Suite("Agent failure") struct AgentFailureTests {
    @Test("the platform's sentence names the agent's status and keeps its words", arguments: [415, 422, 500, 502])
    func sentence(status: Int) throws {
        let stage = try Stage(script(#"{"reply": {"agentError": \#(status)}}"#))
        let reply = try stage.invoke()
        #expect(reply.field("x-amzn-ErrorType") == "RuntimeClientError")
        #expect(reply.message?.hasPrefix("Received error (\(status)) from runtime.") == true)
    }
}
