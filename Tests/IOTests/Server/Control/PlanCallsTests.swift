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
}
