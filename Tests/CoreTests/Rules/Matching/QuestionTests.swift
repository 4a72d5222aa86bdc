import Testing

@testable import Rules

@Suite("Questions") struct QuestionTests {
    @Test("a question without more said is the first call of a fresh session to the default endpoint")
    func defaults() {
        let target = Target(agent: "a-ABCDEFGHIJ", arn: "arn:aws:bedrock-agentcore:us-east-1:1:runtime/a-ABCDEFGHIJ")
        let question = Question(target: target)
        #expect(question.state == "start" && question.call == 1 && question.session == nil)
        #expect(target.qualifier == "DEFAULT" && target.operation == "InvokeAgentRuntime")
    }
}
