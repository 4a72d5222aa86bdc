import Testing

@Suite("Directory") struct DirectoryTests {
    @Test("an entry that names the agent goes before a pattern, wherever it stands")
    func exactFirst() throws {
        let stage = try Stage(
            #"""
            {"understudy": 1,
             "agents": [{"arn": "*", "protocol": "MCP"}, {"arn": "hosted_agent-*", "protocol": "A2A"},
                        {"arn": "\#(Stage.arn)", "protocol": "HTTP"}],
             "rules": [{"reply": {"error": "ConflictException"}}]}
            """#)
        #expect(try stage.invoke().field("x-amzn-ErrorType") == "ConflictException")
        let other = Stage.path.replacing("hosted", with: "other")
        #expect(try stage.invoke(path: other, [("Accept", "application/json, text/event-stream")]).status == 200)
    }

    @Test("a name that was found once is found again, and only that name")
    func remembered() throws {
        let stage = try Stage(script(#"{"reply": {"text": "{{agent}}"}}"#))
        for _ in 0..<3 {
            #expect(try stage.invoke().body == "hosted_agent-Ab12Cd34Ef")
            #expect(
                try stage.invoke(path: Stage.path.replacing("hosted", with: "other")).body == "other_agent-Ab12Cd34Ef")
        }
    }
}

extension Stage {
    func invoke(path: String, _ fields: [(String, String)] = []) throws -> Reply {
        try invoke("{}", path: path, session: Stage.session, fields)
    }
}
