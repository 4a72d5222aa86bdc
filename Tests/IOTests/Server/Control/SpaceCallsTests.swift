import JSON
import Support
import Testing

@testable import Server

@Suite("Space calls") struct SpaceCallsTests {
    @Test("a space is made, listed, addressed by its path, and dropped")
    func spaces() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        #expect(client.control("PUT", "spaces/a").0 == 200)
        #expect(client.control("PUT", "spaces/no.dots").0 == 400)
        #expect(
            client.control("GET", "spaces").1["spaces"]?.array?.compactMap { $0["name"]?.text } == ["default", "a"])
        #expect(client.control("DELETE", "spaces/a").0 == 200)
        #expect(client.control("DELETE", "spaces/a").0 == 404)
        _ = await server.stop()
    }

    @Test("a space is reset alone, waits for its own calls, and cannot forget or see those of the others")
    func isolation() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        let inSpace = "X-Understudy-Space: a\r\n"
        #expect(client.call().status == 200)
        let fault = #"{"fault":"hang","agent":"nobody-*"}"#
        #expect(client.control("POST", "faults", fault).0 == 201)
        #expect(client.control("POST", "faults", fault, inSpace).0 == 201)
        #expect(client.control("POST", "await", #"{"atLeast":1,"within":"10ms"}"#, inSpace).0 == 408)
        #expect(client.control("GET", "calls/1", "", inSpace).0 == 404)
        #expect(client.control("DELETE", "calls", "", inSpace).0 == 400)
        #expect(client.control("POST", "reset", "", inSpace).0 == 200)
        #expect(client.control("GET", "faults", "", inSpace).1["faults"]?.array?.isEmpty == true)
        #expect(client.control("GET", "faults").1["faults"]?.array?.count == 1)
        #expect(client.control("GET", "calls").1["calls"]?.array?.count == 1)
        #expect(client.control("POST", "reset", "", "X-Understudy-Space: no.dots\r\n").0 == 400)
        _ = await server.stop()
    }
}
