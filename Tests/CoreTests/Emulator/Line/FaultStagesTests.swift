import Access
import Bytes
import Delivery
import Emulator
import Testing
import Time

@Suite("Fault stages") struct FaultStagesTests {
    let stage: Stage

    init() throws { stage = try Stage(script(#"{"name": "ok", "reply": {"text": "ok"}}"#)) }

    @Test("a token is ineffectual twice and then good, and the journal names the fault")
    func verdict() throws {
        try stage.arm(#"{"name": "expired at first", "on": {"calls": "1-2"}, "fault": "expiring-token"}"#)
        let replies = try (0..<3).map { _ in try stage.invoke() }
        #expect(replies.map(\.status) == [403, 403, 200])
        #expect(
            replies[0].body
                == #"{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}"#)
        #expect(replies.map { $0.call.faults.map(\.text) } == [["expired at first"], ["expired at first"], []])
    }

    @Test("a fault bends the steps of an answer, and a second one what the first one left")
    func delivery() throws {
        try stage.arm(#"{"name": "slow", "fault": "latency", "delay": "100ms"}"#)
        try stage.arm(#"{"name": "cut", "fault": "close", "at": "byte 1"}"#)
        let reply = try stage.invoke()
        #expect(reply.steps.first == .wait(until: 100_000_000))
        #expect(reply.steps.last == .close)
        #expect(reply.body == "o")
        #expect(reply.call.faults.map(\.text) == ["slow", "cut"])
        #expect(reply.call.reply?.body == Array("o".utf8))
    }

    @Test("a call may bring its own fault, and a mistake in it is the caller's")
    func oneCall() throws {
        let (call, steps) = try stage.delivery(
            "POST", Stage.path + "/invocations", [("X-Understudy-Fault", "reset; at=headers")])
        #expect(steps.last == .reset)
        #expect(call.faults.map(\.text) == ["reset"])
        let wrong = try stage.invoke("{}", [("X-Understudy-Fault", "explode")])
        #expect(wrong.status == 400)
        #expect(wrong.message?.contains("explode") == true)
        #expect(try stage.invoke().status == 200)
    }

    @Test("a reset before everything sends no head, and the journal tells no status")
    func arrival() throws {
        try stage.arm(#"{"fault": "reset", "at": "accept"}"#)
        let (call, steps) = try stage.delivery("POST", Stage.path + "/invocations")
        #expect(steps == [.reset])
        #expect(call.reply == nil)
        #expect(call.faults.map(\.text) == ["reset"])
    }

    @Test("a skewed clock makes signatures old")
    func clockSkew() throws {
        let stage = try Stage()
        try stage.arm(#"{"fault": "clock-skew", "offset": "10m"}"#)
        #expect(try stage.invokeSigned().message?.hasPrefix("Signature expired:") == true)
    }

    @Test("a fault that cannot apply says so in the journal, and the answer is whole")
    func notApplicable() throws {
        try stage.arm(#"{"fault": "close", "at": "frame 2"}"#)
        let reply = try stage.invoke()
        #expect(reply.body == "ok")
        #expect(reply.call.faults.first?.text.hasPrefix("close (not applied: ") == true)
    }

    @Test("a call that waits for a document is counted once")
    func countedOnce() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#,
                agent:
                    #""arn": "*", "auth": {"jwt": {"discoveryUrl": "http://127.0.0.1:9/p/.well-known/openid-configuration", "allowedClients": ["c"]}}"#
            ), checksAccess: true)
        try stage.arm(#"{"on": {"calls": "1"}, "fault": "reset", "at": "accept"}"#)
        guard case .fetch(let url, _) = try stage.answer("POST", Stage.path + "/invocations") else {
            throw Stage.NotARequest(text: "nothing is fetched")
        }
        stage.understudy.learn(url: url, content: .failure(FetchFailure(reason: "refused")), now: Stage.noon)
        #expect(try stage.delivery("POST", Stage.path + "/invocations").steps == [.reset])
        #expect(try stage.invoke().status == 401)
    }
}
