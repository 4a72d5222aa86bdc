import Emulator
import Testing
import Time

@Suite("Limits of an agent") struct LimitStagesTests {
    private func stage(_ limits: String, protocol: String = "HTTP") throws -> Stage {
        try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#,
                agent:
                    #""arn": "*", "protocol": "\#(`protocol`)", "limits": {\#(limits)}, "session": {"idleTimeout": "60s"}"#
            ))
    }

    private func session(_ name: String) -> String { Stage.session + name }

    @Test("one session more than may be active is refused with 402, until one of them is no more")
    func sessions() throws {
        let stage = try stage(#""sessions": 2"#)
        #expect(
            try ["a", "b", "a", "b"].map { try stage.invoke(session: session($0)).status } == [200, 200, 200, 200])
        let refused = try stage.invoke(session: session("c"))
        #expect(refused.status == 402 && refused.field("x-amzn-ErrorType") == "ServiceQuotaExceededException")
        #expect(refused.message == "maxVms limit exceeded for account 123456789012")
        #expect(try stage.invoke(session: nil).status == 402)
        let id = [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session("a"))]
        #expect(try stage.call("POST", Stage.path + "/stopruntimesession", id).status == 200)
        #expect(try stage.invoke(session: session("c")).status == 200)
        stage.now = stage.now + .seconds(60)
        #expect(try ["d", "e", "f"].map { try stage.invoke(session: session($0)).status } == [200, 200, 402])
    }

    @Test("new sessions have a rate; calls of a session that is there pass")
    func newSessions() throws {
        let stage = try stage(#""newSessions": "2/s""#)
        #expect(
            try ["a", "b", "c", "a"].map { try stage.invoke(session: session($0)).status } == [200, 200, 429, 200])
        stage.now = stage.now + .milliseconds(500)
        #expect(try stage.invoke(session: session("c")).status == 200)
    }

    @Test("all calls together have a rate, whatever they do")
    func rate() throws {
        let stage = try stage(#""rate": "2/s""#)
        #expect(try stage.invoke().status == 200)
        #expect(try stage.call("POST", Stage.path + "/stopruntimesession").status == 400)
        let refused = try stage.invoke()
        #expect(refused.status == 429 && refused.field("x-amzn-ErrorType") == "ThrottlingException")
        #expect(refused.message == "Too many requests - the request rate limit was exceeded")
    }

    @Test("another agent and another space have limits of their own; a reset begins anew")
    func apart() throws {
        let stage = try stage(#""sessions": 1"#)
        let other = "/runtimes/other_agent-Ab12Cd34Ef/invocations?accountId=123456789012"
        #expect(try stage.invoke().status == 200)
        #expect(try stage.call("POST", other).status == 200)
        #expect(try stage.invoke("{}", [("X-Understudy-Space", "other")]).status == 200)
        #expect(try stage.invoke(session: session("b")).status == 402)
        stage.understudy.state.reset(now: stage.now)
        #expect(try stage.invoke(session: session("b")).status == 200)
    }

    @Test("callers of other protocols see it in their own shape")
    func protocols() throws {
        let stage = try stage(#""sessions": 0"#, protocol: "AGUI")
        let reply = try stage.invoke()
        #expect(reply.status == 429 && reply.body.contains("SERVICE_QUOTA_EXCEEDED"))
    }

    @Test("nothing is limited unless it is stated")
    func off() throws {
        let stage = try stage("")
        #expect(try (0..<200).allSatisfy { try stage.invoke(session: session(String($0))).status == 200 })
    }
}
