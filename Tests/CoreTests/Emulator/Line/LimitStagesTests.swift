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

    @Test("those who come too fast are told when to come again, where the entry says so; a quota says nothing of time")
    func retryAfter() throws {
        let fields = ["Retry-After", "x-amz-retry-after"]
        for limits in [#""rate": "1/s""#, #""newSessions": "1/s""#] {
            let stage = try stage(limits + #", "retryAfter": "1.5s""#)
            #expect(try stage.invoke().status == 200)
            let refused = try stage.invoke(session: session("b"))
            #expect(refused.status == 429 && fields.map(refused.field) == ["2", "1500"])
            #expect(refused.json?.members?.map(\.name) == ["message"])
            let silent = try self.stage(limits)
            _ = try silent.invoke()
            #expect(try fields.map(silent.invoke(session: session("b")).field) == [nil, nil])
        }
        let quota = try stage(#""sessions": 0, "retryAfter": 2"#).invoke()
        #expect(quota.status == 402 && fields.map(quota.field) == [nil, nil])
    }

    private func timed(_ limits: String, _ reply: String) throws -> Stage {
        try Stage(script(#"{"reply": {\#(reply)}}"#, agent: #""arn": "*", "limits": {\#(limits)}"#))
    }

    @Test("an answer that has not begun in time is 504 at that moment, and the journal says by which limit")
    func request() throws {
        for delay in ["15m1s", "100000d"] {
            let reply = try timed(#""request": "15m""#, #""text": "late", "delay": "\#(delay)""#).invoke()
            #expect(reply.status == 504 && reply.message == "Gateway Timeout")
            #expect(reply.field("x-amzn-ErrorType") == nil && reply.field("x-amzn-RequestId") != nil)
            #expect(reply.steps.first == .wait(until: 900_000_000_000))
            #expect(reply.call.why == "the answer took longer than the agent's limits allow: request 15m")
        }
        let right = try timed(#""request": "15m""#, #""text": "right", "delay": "15m""#).invoke()
        #expect(right.body == "right" && right.call.why == nil)
    }

    @Test("a fault that never answers is cut off by it too, and time that passes faster brings it nearer")
    func hang() throws {
        let stage = try timed(#""request": "15m", "stream": "60m""#, #""text": "x""#)
        try stage.arm(#"{"name": "gone", "fault": "hang"}"#)
        #expect(try stage.invoke().steps.first == .wait(until: 900_000_000_000))
        try stage.space().speed = 10
        let faster = try stage.invoke()
        #expect(faster.status == 504 && faster.steps.first == .wait(until: 90_000_000_000))
        #expect(faster.call.faults.map(\.text) == ["gone"])
        try stage.space().faults.disarmAll()
        try stage.arm(#"{"name": "stuck", "fault": "stall", "bytes": 0}"#)
        try stage.space().speed = 1
        #expect(try stage.invoke().steps.suffix(2) == [.wait(until: 3_600_000_000_000), .close])
    }

    @Test("a stream that lasts longer is cut there, without its end; one that is within it is whole")
    func stream() throws {
        let events = #""stream": {"every": "25m", "events": [{"data": 1}, {"data": 2}, {"data": 3}, {"data": 4}]}"#
        let cut = try timed(#""request": "15m", "stream": "60m""#, events).invoke()
        #expect(cut.status == 200 && cut.body == "data: 1\n\ndata: 2\n\ndata: 3\n\n")
        #expect(cut.steps.suffix(2) == [.wait(until: 3_600_000_000_000), .close])
        #expect(cut.call.why == "the answer took longer than the agent's limits allow: request 15m, stream 1h")
        let whole = try timed(#""stream": "75m""#, events).invoke()
        #expect(whole.steps.last == .end && whole.call.why == nil)
        #expect(try timed("", events).invoke().steps.last == .end)
    }

    @Test("nothing is limited unless it is stated")
    func off() throws {
        let stage = try stage("")
        #expect(try (0..<200).allSatisfy { try stage.invoke(session: session(String($0))).status == 200 })
    }
}
