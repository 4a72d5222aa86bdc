import Bytes
import Delivery
import Emulator
import Testing
import Time

@Suite("Counting stage") struct CountingStageTests {
    static let agent = #""arn": "*", "session": {"idleTimeout": "60s", "maxLifetime": "100s", "coldStart": "1.8s"}"#
    static let rules = #"{"when": {"call": "1"}, "reply": {"text": "first"}}, {"reply": {"text": "again"}}"#

    private let stage: Stage

    init() throws { stage = try Stage(script(Self.rules, agent: Self.agent)) }

    private func pass(_ milliseconds: Int) { stage.now = stage.now + .milliseconds(milliseconds) }

    @Test("the first call of a session waits for its machine, before the head; the next one does not")
    func firstCall() throws {
        let first = try stage.invoke()
        #expect(first.steps.first == .wait(until: 1_800_000_000) && first.body == "first")
        pass(1_800)
        let second = try stage.invoke()
        #expect(second.steps.count == 3 && second.body == "again")
        #expect(try stage.invoke(session: nil).steps.first == .wait(until: 1_800_000_000))
    }

    @Test("the first sessions find a machine in the pool, later ones wait longer; each space has a pool of its own")
    func ordinal() throws {
        let session = #""session": {"coldStart": {"first": 2, "delay": "0.4s", "then": "2s"}}"#
        let stage = try Stage(script(Self.rules, agent: #""arn": "*", "# + session))
        func wait(_ name: String, space: String = "default") throws -> Step? {
            try stage.invoke(session: Stage.session + name, [("X-Understudy-Space", space)]).steps.first
        }
        #expect(
            try ["a", "b", "c", "d"].map { try wait($0) }
                == [400, 400, 2_000, 2_000].map { .wait(until: $0 * 1_000_000) })
        #expect(try wait("a", space: "other") == .wait(until: 400_000_000))
        pass(2_000)
        stage.now = stage.now + .seconds(2)
        #expect(try stage.invoke(session: Stage.session + "a").body == "again")
        stage.understudy.state.reset(now: stage.now)
        #expect(try wait("a") == .wait(until: 400_000_000))
    }

    @Test("a call while the session is provisioned is answered 409 at once, and does not count")
    func conflict() throws {
        _ = try stage.invoke()
        pass(1_799)
        let busy = try stage.invoke()
        #expect(busy.status == 409 && busy.field("x-amzn-ErrorType") == "RetryableConflictException")
        #expect(busy.message == "Session operation in progress, please retry" && busy.steps.count == 3)
        #expect(try stage.invoke(session: Stage.session + "2").status == 200)
        pass(1)
        #expect(try stage.invoke().body == "again")
    }

    @Test("a call that the operation refuses does not count")
    func refused() throws {
        let stage = try Stage(script(Self.rules, agent: #""arn": "*", "protocol": "MCP""#))
        #expect(try stage.invoke().status == 406)
        let accept = [("Accept", "application/json, text/event-stream")]
        #expect(try [stage.invoke("{}", accept).body, stage.invoke("{}", accept).body] == ["first", "again"])
    }

    @Test("a clock that was moved on ends it, and one that stands still does not hold it up")
    func clocks() throws {
        _ = try stage.invoke()
        try stage.space().clock.advance(by: .seconds(2), real: stage.now)
        #expect(try stage.invoke().status == 200)
        try stage.space().clock.freeze(true, real: stage.now)
        let other = Stage.session + "2"
        _ = try stage.invoke(session: other)
        #expect(try stage.invoke(session: other).status == 409)
        pass(1_800)
        #expect(try stage.invoke(session: other).status == 200)
    }

    @Test("every frame of a stream is due that much later, and the journal says so")
    func frames() throws {
        let stream =
            #"{"reply": {"stream": {"firstAfter": "10ms", "every": "5ms", "events": [{"data": 1}, {"data": 2}]}}}"#
        let stage = try Stage(script(stream, agent: Self.agent))
        let run = try #require(try stage.invoke().call.reply?.frames)
        #expect([run.due(0), run.due(1)] == [1_810_000_000, 1_815_000_000])
    }

    @Test("a call that no rule answers waits too: its session is there for the next one")
    func unmatched() throws {
        let stage = try Stage(script(#"{"when": {"call": "2"}, "reply": {"text": "ok"}}"#, agent: Self.agent))
        let reply = try stage.invoke()
        #expect(reply.status == 404 && reply.steps.first == .wait(until: 1_800_000_000))
    }

    @Test("an agent whose entry says nothing of a cold start answers at once")
    func instant() throws {
        let stage = try Stage(script(Self.rules))
        #expect(try [stage.invoke().steps.count, stage.invoke().steps.count] == [3, 3])
        #expect(try Stage().invokeSigned().steps.count == 3)
    }

    @Test("a session that idled or lived too long is provisioned anew, with fresh states")
    func runningOut() throws {
        _ = try stage.invoke()
        for (second, isNew) in [(59, false), (41, true), (61, false), (62, true)] {
            pass(second * 1_000)
            let reply = try stage.invoke()
            #expect((reply.steps.first == .wait(until: 1_800_000_000)) == isNew, "after \(second) s more")
            #expect(reply.body == (isNew ? "first" : "again"))
        }
    }

    @Test("the fault of that name makes the cold start as long as it says, and no longer")
    func fault() throws {
        try stage.arm(#"{"name": "cold", "fault": "cold-start", "delay": "3s"}"#)
        #expect(try stage.invoke().steps.first == .wait(until: 3_000_000_000))
        try stage.space().faults.disarmAll()
        try stage.arm(#"{"name": "cold", "fault": "cold-start"}"#)
        let reply = try stage.invoke(session: Stage.session + "2")
        #expect(reply.steps.first == .wait(until: 1_800_000_000))
        #expect(reply.call.faults.map(\.text) == ["cold (not applied: the session's own cold start takes that long)"])
    }

    @Test("at ten times the speed the machine is there in a tenth of the time, and the journal says so")
    func speed() throws {
        try stage.space().speed = 10
        #expect(try stage.invoke().steps.first == .wait(until: 180_000_000))
        pass(179)
        #expect(try stage.invoke().status == 409)
        pass(1)
        #expect(try stage.invoke().status == 200)
        let other = [("X-Understudy-Space", "other")]
        #expect(try stage.invoke("{}", other).steps.first == .wait(until: 1_800_000_000))
    }

    @Test("a cold start of centuries overflows nothing")
    func centuries() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "x", "delay": "100000d"}}"#,
                agent: #""arn": "*", "session": {"coldStart": "100000d", "maxLifetime": "100000d"}"#))
        #expect(try stage.invoke().status == 200)
        try stage.space().speed = 0.001
        #expect(try stage.invoke(session: Stage.session + "2").status == 200)
    }
}
