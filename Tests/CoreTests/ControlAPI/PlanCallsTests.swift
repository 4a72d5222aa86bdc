import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Plan calls") struct PlanCallsTests {
    @Test("the plan is as long as it is asked for, 200 calls unless told")
    func lengths() throws {
        let stage = try ControlStage()
        _ = stage.control("POST", "faults", #"{"fault":"hang","on":{"every":3}}"#)
        #expect(stage.control("GET", "plan").1["calls"]?.array?.count == 200)
        let calls = stage.control("GET", "plan?calls=6").1["calls"]?.array ?? []
        #expect(calls.map { ($0["strikes"]?.array ?? []).count } == [0, 0, 1, 0, 0, 1])
        for wrong in ["plan?calls=0", "plan?calls=x", "plan?calls=2000000", "plan?call=1"] {
            #expect(stage.control("GET", wrong).0 == 400)
        }
    }

    @Test("what is shown is to come: each agent's calls go on where they are; from shows any from there on")
    func toCome() throws {
        let stage = try ControlStage()
        _ = stage.control("POST", "faults", #"{"fault":"error","status":503,"on":{"every":3}}"#)
        func rows(_ path: String) -> [String] {
            (stage.control("GET", path).1["calls"]?.array ?? []).map { row in
                let agent = row["agent"]?.text?.split(separator: "/").last.map { "\($0) " } ?? ""
                return agent + "\(row["call"]?.integer ?? 0)" + ((row["strikes"]?.array ?? []).isEmpty ? "" : " struck")
            }
        }
        #expect(rows("plan?calls=3") == ["1", "2", "3 struck"])
        for _ in 0..<4 { try stage.call() }
        #expect(rows("plan?calls=2") == ["a_a-ABCDEFGHIJ 5", "a_a-ABCDEFGHIJ 6 struck"])
        try stage.call("/runtimes/b_b-ABCDEFGHIJ/invocations?accountId=123456789012")
        #expect(rows("plan?calls=1") == ["a_a-ABCDEFGHIJ 5", "b_b-ABCDEFGHIJ 2"])
        #expect(rows("plan?from=1&calls=3") == ["1", "2", "3 struck"] && rows("plan?from=6&calls=1") == ["6 struck"])
        #expect(stage.control("GET", "plan?calls=1000000").0 == 400)
        for wrong in ["plan?from=0", "plan?from=x", "plan?from=1&from=2"] {
            #expect(stage.control("GET", wrong).0 == 400)
        }
    }

    @Test("the plan says which calls are struck before they happen")
    func foretold() throws {
        let stage = try ControlStage()
        _ = stage.control("POST", "faults", #"{"on": {"chance": 0.4}, "fault": "error", "status": 503}"#)
        let plan = stage.control("GET", "plan?calls=40").1["calls"]?.array ?? []
        let planned = plan.map { ($0["strikes"]?.array ?? []).isEmpty ? 200 : 503 }
        let met = try (0..<40).map { _ in try stage.call().status }
        #expect(met == planned && Set(met).count == 2)
    }
}
