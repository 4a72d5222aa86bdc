import Testing

@Suite("StopRuntimeSession") struct StopRuntimeSessionTests {
    let stage: Stage

    init() throws {
        stage = try Stage(
            script(
                """
                {"when": {"call": "1"}, "reply": {"text": "first"}}, {"reply": {"text": "again"}}
                """))
    }

    private func stop(_ body: String = "", session: String? = Stage.session) throws -> Stage.Reply {
        let header = session.map { [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", $0)] } ?? []
        return try stage.call("POST", Stage.path + "/stopruntimesession", header, body)
    }

    @Test("a stopped session begins afresh with its next call")
    func afresh() throws {
        #expect(try [stage.invoke().body, stage.invoke().body] == ["first", "again"])
        #expect(try stop(#"{"clientToken": "11111111-2222-4333-8444-555555555555"}"#).status == 200)
        #expect(try stage.invoke().body == "first")
    }

    @Test("a session that never was, or is no more, is not found")
    func unknown() throws {
        let reply = try stop()
        #expect(reply.status == 404)
        #expect(reply.message == "Session not found or has been terminated")
    }

    @Test(
        "the session header is required, and the body is a JSON object with a long enough token",
        arguments: ["[]", "{", #"{"clientToken":"short"}"#])
    func invalid(body: String) throws {
        #expect(try stop(body).status == 400)
        #expect(try stop(session: nil).message?.contains("'runtimeSessionId'") == true)
    }
}
