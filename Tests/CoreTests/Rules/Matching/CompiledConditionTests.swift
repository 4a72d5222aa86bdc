import Testing

@Suite("Conditions") struct CompiledConditionTests {
    @Test(
        "each condition says what it saw when it does not hold",
        arguments: [
            (#""state": "asked""#, #"state is "start", not "asked""#),
            (#""call": "2+""#, #"call is number 1 of its session, not "2+""#),
            (
                #""session": "night-*""#,
                #"session is "session-0123456789-0123456789-0123456789", does not match "night-*""#
            ),
            (#""user": "u*""#, "user is missing"),
            (#""header": {"X-Tenant": "a"}"#, "header X-Tenant is missing"),
            (#""header": {"X-Kind": {"matches": "^b"}}"#, #"header X-Kind is "abc", does not match "^b""#),
            (
                #""header": {"Authorization": {"contains": "Basic"}}"#,
                #"header Authorization is there, and "contains" does not hold for it"#
            ),
            (
                #""payload": [{"path": "$.prompt", "contains": "sushi"}]"#,
                #"payload $.prompt is "pizza", does not contain "sushi""#
            ),
            (#""payload": [{"path": "$.list[*]", "equals": 3}]"#, "payload $.list[*] is 1, does not equal 3"),
            (#""payload": [{"path": "$.prompt", "exists": false}]"#, #"payload $.prompt is "pizza", should not exist"#),
        ])
    func reasons(when: String, reason: String) throws {
        let conversation = try Conversation(#"{"name": "r", "when": {\#(when)}, "reply": {"echo": true}}"#)
        conversation.headers = ["x-kind": "abc", "authorization": "Bearer secret"]
        let answer = conversation.ask(#"{"prompt": "pizza", "list": [1, 2]}"#)
        #expect(answer.rule == nil && answer.misses.first?.because == reason)
    }

    @Test(
        "each condition holds when it should",
        arguments: [
            #""state": "start""#, #""call": "1""#, #""session": "session-*""#, #""user": "u?""#,
            #""header": {"X-KIND": "abc"}"#, #""header": {"x-kind": {"contains": "b"}, "X-None": {"exists": false}}"#,
            #""payload": [{"path": "$.list[*]", "equals": 2.0}, {"path": "$.list[-1]", "equals": 2}]"#,
            #""payload": [{"path": "$.a['odd name']", "equals": {"y": 2, "x": 1}}]"#,
            #""payload": [{"path": "$.list", "equals": [1, 2]}]"#, #""payload": []"#, "",
        ])
    func holds(when: String) throws {
        let conversation = try Conversation(#"{"name": "r", "when": {\#(when)}, "reply": {"echo": true}}"#)
        conversation.headers = ["x-kind": "abc"]
        conversation.user = "u1"
        #expect(conversation.rule(#"{"list": [1, 2], "a": {"odd name": {"x": 1, "y": 2}}}"#) == "r")
    }
}
