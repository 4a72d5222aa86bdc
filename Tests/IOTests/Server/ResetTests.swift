import JSON
import Support
import Testing

@testable import Server

@Suite("Reset") struct ResetTests {
    @Test("after a reset calls count from one, and a call from before does not end one from after")
    func reset() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x","delay":"1h"}}]}"#)
        let before = try server.client()
        before.sendCall()
        let client = try server.client()
        _ = client.control("POST", "await", #"{"atLeast":1,"within":"20s"}"#)
        #expect(client.control("POST", "reset").0 == 200)
        #expect(client.control("GET", "calls").1["calls"]?.array?.isEmpty == true)
        let after = try server.client()
        after.sendCall()
        _ = client.control("POST", "await", #"{"atLeast":1,"within":"20s"}"#)
        before.close()
        await server.look(until: { $0 == 1 }) { $0.inFlight }
        let call = client.control("GET", "calls/1").1
        #expect(call["outcome"] == .null)
        let calls = await server.stop()
        #expect(calls.count == 1)
    }
}
