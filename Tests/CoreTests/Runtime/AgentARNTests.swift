import Runtime
import Testing

@Suite("Agent ARN") struct AgentARNTests {
    @Test("an ARN comes apart and together again")
    func arn() throws {
        let text = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/restaurant_search_agent-ABCDEFGHIJ"
        let arn = try #require(AgentARN(text))
        #expect(arn.region == "us-east-1")
        #expect(arn.account == "209803798463")
        #expect(arn.id == "restaurant_search_agent-ABCDEFGHIJ")
        #expect(arn.text == text)
        #expect(AgentARN(text.replacing("arn:aws:", with: "arn:aws-cn:"))?.partition == "aws-cn")
    }

    @Test(
        "what is not the ARN of an agent runtime is none",
        arguments: [
            "", "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/", "agent",
            "arn:aws:bedrock:us-east-1:209803798463:runtime/a-ABCDEFGHIJ",
            "arn:aws:bedrock-agentcore:us-east-1:20980379846:runtime/a-ABCDEFGHIJ",
            "arn:aws:bedrock-agentcore:US-EAST-1:209803798463:runtime/a-ABCDEFGHIJ",
            "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a-ABCDEFGHIJ\n",
            "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/a/b",
            "arn:aws:bedrock-agentcore:us-east-1:209803798463:gateway/a-ABCDEFGHIJ",
            "arn:gcp:bedrock-agentcore:us-east-1:209803798463:runtime/a-ABCDEFGHIJ",
        ])
    func refused(text: String) {
        #expect(AgentARN(text) == nil)
    }
}
