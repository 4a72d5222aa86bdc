import Emulator
import JSON
import Testing
import Time

@Suite("Steering") struct SteeringTests {
    let stage: Stage

    init() throws { stage = try Stage(script(#"{"reply": {"text": "ok"}}"#)) }

    @Test("faults are armed, listed with what they struck, and disarmed one by one or all at once")
    func faults() throws {
        try stage.arm(#"{"name": "busy", "fault": "error", "status": 503}"#)
        #expect(try stage.invoke().status == 503)
        #expect(try stage.steer(.fault("busy"))["struck"]?.integer == 1)
        try stage.steer(.disarm("busy"))
        #expect(throws: SteeringRefusal.self) { try stage.steer(.disarm("busy")) }
        try stage.arm(#"{"fault": "hang"}"#)
        #expect(try stage.steer(.disarm(nil))["disarmed"]?.integer == 1)
        #expect(try stage.invoke().status == 200)
    }

    @Test("two faults of one name, and one that can never strike, are refused with the reason and nothing is armed")
    func refused() throws {
        try stage.arm(#"{"name": "a", "fault": "hang"}"#)
        #expect(throws: SteeringRefusal.self) { try stage.arm(#"{"name": "a", "fault": "hang"}"#) }
        #expect(throws: SteeringRefusal.self) {
            try stage.arm(#"{"name": "b", "on": {"from": "5m", "until": "1m"}, "fault": "hang"}"#)
        }
        #expect(try stage.steer(.faults)["faults"]?.array?.count == 1)
    }

    @Test("the plan says which calls are struck before they happen")
    func plan() throws {
        try stage.arm(#"{"name": "busy", "on": {"chance": 0.4}, "fault": "error", "status": 503}"#)
        let plan = try stage.steer(.plan(calls: 40, from: nil))["calls"]?.array ?? []
        let planned = plan.map { ($0["strikes"]?.array ?? []).isEmpty ? 200 : 503 }
        let met = try (0..<40).map { _ in try stage.invoke().status }
        #expect(met == planned)
        #expect(Set(met).count == 2)
    }

    @Test("59 minutes pass in one request: the token that was good is ineffectual, in that space alone")
    func clock() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let token = try stage.understudy.state.token(
            for: [:], base: "http://127.0.0.1:8787", space: nil, now: Stage.noon)
        let bearer = [("Authorization", "Bearer \(token)")]
        let other = [("X-Understudy-Space", "other")] + bearer
        #expect(try stage.invoke("{}", bearer).call.auth?.why?.contains("expires") != true)
        try stage.steer(.advanceClock(.seconds(59 * 60 + 30)))
        #expect(try stage.invoke("{}", bearer).message?.contains("Ineffectual") == true)
        #expect(try stage.invoke("{}", other).message?.contains("Ineffectual") != true)
        try stage.steer(.setClock(Stage.noon))
        try stage.steer(.freezeClock(true))
        stage.now = Stage.noon + .seconds(3_600)
        #expect(try stage.steer(.clock)["now"]?.text == "2026-01-15T12:00:00.000000000Z")
    }
}
