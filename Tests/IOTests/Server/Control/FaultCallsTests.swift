import JSON
import Support
import Testing

@testable import Server

@Suite("Fault calls") struct FaultCallsTests {
    @Test("a fault is armed, listed, struck and disarmed over the wire")
    func overTheWire() async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        let armed = client.control("POST", "faults", #"{"name":"busy","fault":"error","status":503}"#)
        #expect(armed.0 == 201)
        #expect(armed.1["name"]?.text == "busy")
        let caller = try server.client()
        caller.sendCall()
        #expect(caller.receiveAnswer().head.hasPrefix("HTTP/1.1 503"))
        #expect(client.control("GET", "faults").1["faults"]?[0]?["struck"]?.integer == 1)
        #expect(client.control("GET", "faults/busy").0 == 200)
        #expect(client.control("DELETE", "faults/busy").0 == 200)
        #expect(client.control("DELETE", "faults/busy").0 == 404)
        #expect(client.control("DELETE", "faults").1["disarmed"]?.integer == 0)
        _ = await server.stop()
    }

    @Test(
        "what is no fault is refused with the reason, and nothing is armed",
        arguments: [
            "", "[]", "{}", #"{"fault":"explode"}"#, #"{"fault":"latency","dealy":"1s"}"#,
            #"{"fault":"hang","on":{"calls":"3-1"}}"#, #"{"fault":"ws-close"}"#,
        ])
    func refused(body: String) async throws {
        let server = try TestServer.emulating(
            #"{"understudy":1,"agents":[{"arn":"*","auth":"any"}],"rules":[{"reply":{"text":"x"}}]}"#)
        let client = try server.client()
        let answer = client.control("POST", "faults", body)
        #expect(answer.0 == 400)
        #expect(answer.1["error"]?.text?.isEmpty == false)
        #expect(client.control("GET", "faults").1["faults"]?.array?.isEmpty == true)
        _ = await server.stop()
    }
}
