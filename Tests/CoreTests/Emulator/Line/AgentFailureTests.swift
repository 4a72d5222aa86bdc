import Delivery
import Testing
import Time

@Suite("Agent failure") struct AgentFailureTests {
    @Test("the platform's sentence names the agent's status and keeps its words", arguments: [415, 422, 500, 502])
    func sentence(status: Int) throws {
        let stage = try Stage(script(#"{"reply": {"agentError": \#(status)}}"#))
        let reply = try stage.invoke()
        #expect(reply.field("x-amzn-ErrorType") == "RuntimeClientError")
        #expect(reply.message?.hasPrefix("Received error (\(status)) from runtime.") == true)
    }

    private static let late = "Runtime initialization time exceeded. Please make sure that initialization completes in "

    @Test("on a new session a failure is told when the time to begin is over; the session is not ready before")
    func initialization() throws {
        let stage = try Stage(
            script(#"{"reply": {"agentError": {"status": 500, "initialization": "30s"}}}"#))
        let first = try stage.invoke()
        #expect(first.status == 424 && first.message == Self.late + "30s.")
        #expect(first.steps.first == .wait(until: 30_000_000_000))
        stage.now = stage.now + .seconds(29)
        #expect(try stage.invoke().status == 409)
        stage.now = stage.now + .seconds(1)
        let cached = try stage.invoke()
        #expect(cached.status == 424 && cached.message == Self.late + "30s.")
        #expect(cached.steps.first == .wait(until: 2_000_000_000))
    }

    @Test("true stands for the platform's time; the clock's speed shortens it and leaves the sentence")
    func platform() throws {
        let stage = try Stage(script(#"{"reply": {"agentError": {"status": 502, "initialization": true}}}"#))
        try stage.space().speed = 1_000
        let reply = try stage.invoke()
        #expect(reply.message == Self.late + "120s." && reply.steps.first == .wait(until: 120_000_000))
        stage.now = stage.now + .milliseconds(120)
        #expect(try stage.invoke().steps.first == .wait(until: 2_000_000))
    }

    @Test("an agent that came up and failed later is told by its status at once")
    func later() throws {
        let stage = try Stage(
            script(
                #"{"when": {"call": "1"}, "reply": {"text": "ok"}}, "#
                    + #"{"reply": {"agentError": {"status": 500, "initialization": "30s"}}}"#))
        _ = try stage.invoke()
        let reply = try stage.invoke()
        #expect(reply.message?.hasPrefix("Received error (500)") == true && reply.steps.count == 3)
    }
}
