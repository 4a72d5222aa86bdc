import JSON
import Support
import Testing

@testable import Server

@Suite("Plan calls") struct PlanCallsTests {
    @Test("the plan is as long as it is asked for, 200 calls unless told")
    func lengths() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        _ = client.control("POST", "faults", #"{"fault":"hang","on":{"every":3}}"#)
        #expect(client.control("GET", "plan").1["calls"]?.array?.count == 200)
        let calls = client.control("GET", "plan?calls=6").1["calls"]?.array ?? []
        #expect(calls.map { ($0["strikes"]?.array ?? []).count } == [0, 0, 1, 0, 0, 1])
        for wrong in ["plan?calls=0", "plan?calls=x", "plan?calls=2000000", "plan?call=1"] {
            #expect(client.control("GET", wrong).0 == 400)
        }
        _ = await server.stop()
    }

    @Test("what is shown is to come: each agent's calls go on where they are; from shows any from there on")
    func toCome() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        _ = client.control("POST", "faults", #"{"fault":"error","status":503,"on":{"every":3}}"#)
        func rows(_ path: String) -> [String] {
            (client.control("GET", path).1["calls"]?.array ?? []).map { row in
                let agent = row["agent"]?.text?.split(separator: "/").last.map { "\($0) " } ?? ""
                return agent + "\(row["call"]?.integer ?? 0)" + ((row["strikes"]?.array ?? []).isEmpty ? "" : " struck")
            }
        }
        #expect(rows("plan?calls=3") == ["1", "2", "3 struck"])
        for _ in 0..<4 { client.call() }
        #expect(rows("plan?calls=2") == ["a_a-ABCDEFGHIJ 5", "a_a-ABCDEFGHIJ 6 struck"])
        client.call("/runtimes/b_b-ABCDEFGHIJ/invocations?accountId=123456789012")
        #expect(rows("plan?calls=1") == ["a_a-ABCDEFGHIJ 5", "b_b-ABCDEFGHIJ 2"])
        #expect(rows("plan?from=1&calls=3") == ["1", "2", "3 struck"] && rows("plan?from=6&calls=1") == ["6 struck"])
        #expect(client.control("GET", "plan?calls=1000000").0 == 400)
        for wrong in ["plan?from=0", "plan?from=x", "plan?from=1&from=2"] {
            #expect(client.control("GET", wrong).0 == 400)
        }
        _ = await server.stop()
    }
}
