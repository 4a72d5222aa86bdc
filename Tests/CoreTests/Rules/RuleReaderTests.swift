import JSON
import Testing

@testable import Rules

@Suite("Rules in files") struct RuleReaderTests {
    @Test(
        "every field of a condition is checked",
        arguments: [
            (#""call": "often""#, "call", #""often" does not say which calls"#),
            (#""call": 1"#, "call", #"expected a string, found a number; write it in quotes: "1""#),
            (#""session": """#, "session", "the pattern is empty"),
            (#""user": "a b""#, "user", "the pattern \"a b\" holds a space"),
            (#""state": """#, "state", "is empty"),
            (#""states": "a""#, "states", #""states" is not known here; did you mean "state"?"#),
            (#""payload": {"path": "$"}"#, "payload", "expected a list, found an object"),
            (#""payload": [{"equals": 1}]"#, "payload[0]", #""path" is missing"#),
            (
                #""payload": [{"path": "$.a"}]"#, "payload[0]",
                "nothing is compared; write one of equals, contains, matches, exists"
            ),
            (
                #""payload": [{"path": "prompt", "equals": 1}]"#, "payload[0].path",
                #""prompt" is not a path, at character 1"#
            ),
            (#""payload": [{"path": "$..a", "equals": 1}]"#, "payload[0].path", #""$..a" is not a path"#),
            (
                #""payload": [{"path": "$", "matches": "(a"}]"#, "payload[0].matches",
                #""(a" is not a regular expression: a ( is never closed at character 1"#
            ),
            (#""payload": [{"path": "$", "contains": 1}]"#, "payload[0].contains", "expected a string"),
            (#""payload": [{"path": "$", "contains": ""}]"#, "payload[0].contains", "is empty"),
            (
                #""payload": [{"path": "$", "exists": "yes"}]"#, "payload[0].exists",
                "expected true or false, found a string"
            ),
            (
                #""payload": [{"path": "$", "exists": false, "equals": 1}]"#, "payload[0].exists",
                #"what does not exist cannot also hold "equals""#
            ),
            (
                #""payload": [{"path": "$", "equals": "a", "contains": "a"}]"#, "payload[0].contains",
                #""equals" says it all already"#
            ),
            (#""header": {"X-A": 1}"#, "header[\"X-A\"]", "expected a string or a comparison"),
            (#""header": {"X-A": {}}"#, "header[\"X-A\"]", "nothing is compared"),
            (#""header": {"X-A": {"equals": 1}}"#, "header[\"X-A\"].equals", "expected a string, found a number"),
            (#""header": {"X A": "b"}"#, "header[\"X A\"]", #""X A" cannot be the name of a header field"#),
            (#""header": {"X-A": "b", "x-a": "c"}"#, "header[\"x-a\"]", "this field is compared twice"),
        ])
    func conditions(when: String, path: String, message: String) {
        Refused(#""rules": [{"when": {\#(when)}, "reply": {"echo": true}}]"#, "rules[0].when.\(path)", message)
            .isRefused()
    }

    @Test(
        "every field of a rule is checked",
        arguments: [
            Refused(#""rules": [{}]"#, "rules[0]", #""reply" is missing"#),
            Refused(#""rules": [{"reply": {"echo": true}, "name": ""}]"#, "rules[0].name", "is empty"),
            Refused(#""rules": [{"reply": {"echo": true}, "agent": ""}]"#, "rules[0].agent", "the pattern is empty"),
            Refused(
                #""rules": [{"reply": {"echo": true}, "qualifier": 1}]"#, "rules[0].qualifier", "expected a string"),
            Refused(
                #""rules": [{"reply": {"echo": true}, "operation": "Invoke"}]"#, "rules[0].operation",
                #""Invoke" is not one of InvokeAgentRuntime"#),
            Refused(#""rules": [{"reply": {"echo": true}, "then": ""}]"#, "rules[0].then", "is empty"),
            Refused(
                #""rules": [{"reply": {"echo": true}, "when": "always"}]"#, "rules[0].when",
                "expected an object, found a string"),
            Refused(
                #""rules": [{"reply": {"echo": true}, "matches": {}}]"#, "rules[0].matches",
                #""matches" is not known here"#),
        ])
    func rules(refused: Refused) { refused.isRefused() }

    @Test("a header compared with a string is compared for equality")
    func short() throws {
        let rule = try fileHolding(
            #""rules": [{"when": {"header": {"X-A": "b", "X-C": {"matches": "d"}}}, "reply": {"echo": true}}]"#
        ).rules[0]
        #expect(rule.when?.header.map(\.name) == ["X-A", "X-C"])
        #expect(rule.when?.header.map(\.comparison) == [Comparison(Equals("b")), Comparison(Matches("d"))])
    }
}
