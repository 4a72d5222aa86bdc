import JSON
import Support
import Testing

@testable import Server

@Suite("Await") struct AwaitOnTheWireTests {
    @Test("the answer comes when enough calls have arrived")
    func enough() async throws {
        let server = try TestServer.emulating()
        let waiter = try server.client()
        let thread = RunningThread { [client = try server.client()] in for _ in 0..<3 { client.call() } }
        let (status, seen) = waiter.control("POST", "await", #"{"atLeast":3,"inFlight":0,"within":"20s"}"#)
        #expect(status == 200)
        #expect(seen["count"] == 3)
        #expect(seen["inFlight"] == 0)
        #expect(seen["calls"]?.array?.count == 3)
        await thread.ended()
        _ = await server.stop()
    }

    @Test("what does not happen in time is answered with what was seen")
    func late() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.call()
        let (status, seen) = client.control(
            "POST", "await", #"{"match":{"status":200},"atLeast":2,"within":"20ms"}"#)
        #expect(status == 408)
        #expect(seen["count"] == 1)
        #expect(client.control("GET", "health").0 == 200)
        _ = await server.stop()
    }

    @Test("what holds already is answered at once")
    func already() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        #expect(client.control("POST", "await", #"{"inFlight":0}"#).0 == 200)
        client.call()
        #expect(client.control("POST", "await", #"{"match":{"operation":"Invoke*"}}"#).0 == 200)
        _ = await server.stop()
    }

    @Test(
        "a condition that cannot be meant is refused",
        arguments: [
            "", "[]", "{", #"{"atLeast":-1}"#, #"{"atLeast":"3"}"#, #"{"within":5}"#, #"{"within":"2h"}"#,
            #"{"match":{"color":"red"}}"#, #"{"atleast":1}"#, #"{"inFlight":1.5}"#,
        ])
    func refused(body: String) async throws {
        let server = try TestServer.emulating()
        #expect(try server.client().control("POST", "await", body).0 == 400)
        _ = await server.stop()
    }
}
