import Testing

@testable import Library
@testable import Rules

@Suite("Compiled rules") struct CompiledRuleTests {
    private func isCandidate(_ head: String, _ target: Target) throws -> Bool {
        let book = try Conversation.book(#"{\#(head)"reply": {"echo": true}}"#)
        return !book.candidates(for: target).indices.isEmpty
    }

    @Test("agent and qualifier are patterns, over the id or the ARN")
    func patterns() throws {
        let arn = "arn:aws:bedrock-agentcore:us-east-1:209803798463:runtime/search_agent-ABCDEFGHIJ"
        let target = Target(agent: "search_agent-ABCDEFGHIJ", arn: arn, qualifier: "prod")
        #expect(try isCandidate("", target))
        #expect(try isCandidate(#""agent": "search_agent-*", "#, target))
        #expect(try isCandidate(#""agent": "arn:aws:*:209803798463:*", "#, target))
        #expect(try isCandidate(#""agent": "\#(arn)", "qualifier": "pr?d", "#, target))
        #expect(try !isCandidate(#""agent": "search", "#, target))
        #expect(try !isCandidate(#""qualifier": "DEFAULT", "#, target))
    }

    @Test("a rule that names no operation does not answer the ends of sessions")
    func operations() throws {
        let stop = Target(agent: "a-ABCDEFGHIJ", arn: "", operation: "StopRuntimeSession")
        #expect(try !isCandidate("", stop))
        #expect(try isCandidate(#""operation": "StopRuntimeSession", "#, stop))
        #expect(try isCandidate(#""operation": "*", "#, stop))
    }

    @Test("what a file would not have let through is refused with the rule's place")
    func refused() throws {
        var rule = Rule(reply: Reply(.echo))
        rule.name = "odd"
        var scenario = Scenario()
        for (change, message) in [
            ({ $0.call = "x" }, #"rules[0] (odd): call "x" is no call pattern"#),
            (
                { $0.payload = [PayloadTest(path: "a", comparison: Comparison())] },
                "rules[0] (odd): at character 1 of the path: a path starts with $, as in $.prompt"
            ),
        ] as [((inout Condition) -> Void, String)] {
            var condition = Condition()
            change(&condition)
            rule.when = condition
            scenario.rules = [rule]
            #expect { _ = try RuleBook(scenario) } throws: { "\($0)" == message }
        }
    }
}
