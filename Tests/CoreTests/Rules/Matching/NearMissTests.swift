import Testing

@testable import Rules

@Suite("Near misses") struct NearMissTests {
    private let rules = #"""
        {"name": "other agent", "agent": "other*", "reply": {"echo": true}},
        {"name": "far", "when": {"state": "asked", "call": "2", "payload": [{"path": "$.a", "exists": true}]}, "reply": {"echo": true}},
        {"name": "near", "when": {"call": "1", "payload": [{"path": "$.prompt", "contains": "sushi"}]}, "reply": {"echo": true}},
        {"when": {"state": "asked"}, "reply": {"echo": true}},
        {"name": "too far to be named", "agent": "x", "qualifier": "y", "when": {"state": "z"}, "reply": {"echo": true}}
        """#

    @Test("the three nearest are named, few failures first, then many conditions that hold, then the library's order")
    func order() throws {
        let conversation = try Conversation(rules)
        let misses = conversation.ask(#"{"prompt": "pizza"}"#).misses
        #expect(
            misses == [
                NearMiss(
                    rule: "near", held: 1, failed: 1, because: #"payload $.prompt is "pizza", does not contain "sushi""#
                ),
                NearMiss(
                    rule: "other agent", held: 0, failed: 1,
                    because: #"agent is search_agent-ABCDEFGHIJ, does not match "other*""#),
                NearMiss(rule: "rules[3]", held: 0, failed: 1, because: #"state is "start", not "asked""#),
            ])
    }

    @Test("the message reads as a sentence")
    func message() throws {
        let conversation = try Conversation(rules)
        let misses = conversation.ask(#"{"prompt": "pizza"}"#).misses
        #expect(
            NearMisses.message(Array(misses.prefix(2)), for: conversation.target) == """
                No rule answers this call to search_agent-ABCDEFGHIJ (DEFAULT). Nearest: rule "near" (1 of 2 conditions \
                hold): payload $.prompt is "pizza", does not contain "sushi"; rule "other agent" (0 of 1 conditions \
                hold): agent is search_agent-ABCDEFGHIJ, does not match "other*".
                """)
        #expect(
            NearMisses.message([], for: conversation.target, libraryHasRules: false)
                == "No rule answers this call to search_agent-ABCDEFGHIJ (DEFAULT). The library has no rules.")
    }
}
