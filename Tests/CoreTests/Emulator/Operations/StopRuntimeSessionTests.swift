import Emulator
import Testing
import Time

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

    @Test("a stop may take its time: meanwhile the session is neither there nor new")
    func takesTime() throws {
        let rules = #"{"when": {"call": "1"}, "reply": {"text": "first"}}, {"reply": {"text": "again"}}"#
        let stage = try Stage(script(rules, agent: #""arn": "*", "session": {"stopTakes": "3.4s"}"#))
        let header = [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", Stage.session)]
        func stop() throws -> Stage.Reply { try stage.call("POST", Stage.path + "/stopruntimesession", header) }
        #expect(try stop().status == 404)
        #expect(try [stage.invoke().body, stage.invoke().body] == ["first", "again"])
        let answer = try stop()
        #expect(answer.status == 200 && answer.steps.first == .wait(until: 3_400_000_000))
        stage.now = stage.now + .milliseconds(3_399)
        let busy = try stage.invoke()
        #expect(busy.status == 409 && busy.field("x-amzn-ErrorType") == "RetryableConflictException")
        #expect(try stop().status == 409)
        stage.now = stage.now + .milliseconds(1)
        #expect(try stop().status == 404)
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
        arguments: ["[]", "{", #"{"clientToken":"short"}"#, #"{"clientToken":3}"#])
    func invalid(body: String) throws {
        #expect(try stop(body).status == 400)
        #expect(try stop(session: nil).message?.contains("'runtimeSessionId'") == true)
    }

    private static let token = #"{"clientToken": "11111111-2222-4333-8444-555555555555"}"#

    @Test("the same request again is answered again, and stops no newer session")
    func idempotent() throws {
        _ = try stage.invoke()
        #expect(try [stop(Self.token).status, stop(Self.token).status] == [200, 200])
        _ = try stage.invoke()
        #expect(try stop(Self.token).status == 200)
        #expect(try stage.invoke().body == "again")
    }

    @Test("a token that stopped another session is refused with the model's reason")
    func mismatch() throws {
        _ = try stage.invoke()
        _ = try stop(Self.token)
        let other = Stage.session + "2"
        _ = try stage.invoke(session: other)
        let reply = try stop(Self.token, session: other)
        #expect(reply.status == 400 && reply.field("x-amzn-ErrorType") == "ValidationException")
        #expect(reply.json?["reason"]?.text == "IdempotentParameterMismatchException")
        #expect(try stop(session: other).status == 200)
    }

    @Test("a client token of other characters is refused by its pattern")
    func tokenPattern() throws {
        let reply = try stop(#"{"clientToken":"\#(String(repeating: "_", count: 40))"}"#)
        #expect(reply.status == 400)
        #expect(reply.message?.hasSuffix("regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,256}") == true)
        #expect(reply.json?["fieldList"]?.array?.first?["name"]?.text == "clientToken")
    }

    @Test("a session that is being provisioned is busy; once stopped, it is provisioned anew")
    func provisioning() throws {
        let stage = try Stage(script(CountingStageTests.rules, agent: CountingStageTests.agent))
        let id = [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", Stage.session)]
        func stop() throws -> Stage.Reply { try stage.call("POST", Stage.path + "/stopruntimesession", id) }
        _ = try stage.invoke()
        #expect(try stop().field("x-amzn-ErrorType") == "RetryableConflictException")
        stage.now = stage.now + .seconds(2)
        #expect(try stop().status == 200)
        let again = try stage.invoke()
        #expect(again.body == "first" && again.steps.first == .wait(until: 1_800_000_000))
    }

    @Test("it names the session whose answers end, by the call that began it")
    func naming() throws {
        guard case .deliver(let first) = try answer("invocations") else { throw Stage.NotARequest(text: "") }
        guard case .deliver(let second) = try answer("invocations") else { throw Stage.NotARequest(text: "") }
        guard case .deliver(let stop) = try answer("stopruntimesession") else { throw Stage.NotARequest(text: "") }
        guard case .deliver(let third) = try answer("invocations") else { throw Stage.NotARequest(text: "") }
        #expect([first.session, second.session, third.session] == [1, 1, 4])
        #expect([first.endsSession, stop.endsSession, stop.session] == [0, 1, 0])
    }

    private func answer(_ operation: String) throws -> Understudy.Answer {
        let id = [("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", Stage.session)]
        return try stage.answer("POST", Stage.path + "/" + operation, id)
    }

    @Test("what faults count in the session begins anew, also when it ran out by itself")
    func faultCounts() throws {
        try stage.arm(#"{"on": {"calls": "1", "perSession": true}, "fault": "error", "status": 503}"#)
        #expect(try [stage.invoke().status, stage.invoke().status] == [503, 200])
        #expect(try stop().status == 200)
        #expect(try [stage.invoke().status, stage.invoke().status] == [503, 200])
        stage.now = stage.now + .seconds(900)
        #expect(try [stage.invoke().status, stage.invoke().status] == [503, 200])
    }
}
