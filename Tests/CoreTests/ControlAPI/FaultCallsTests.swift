import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Fault calls") struct FaultCallsTests {
    @Test("a fault is armed, listed, struck and disarmed")
    func lifeCycle() throws {
        let stage = try ControlStage()
        let armed = stage.control("POST", "faults", #"{"name":"busy","fault":"error","status":503}"#)
        #expect(armed.0 == 201)
        #expect(armed.1["name"]?.text == "busy")
        #expect(try stage.call().status == 503)
        #expect(stage.control("GET", "faults").1["faults"]?[0]?["struck"]?.integer == 1)
        #expect(stage.control("GET", "faults/busy").0 == 200)
        #expect(stage.control("DELETE", "faults/busy").0 == 200)
        #expect(stage.control("DELETE", "faults/busy").0 == 404)
        #expect(stage.control("DELETE", "faults").1["disarmed"]?.integer == 0)
    }

    @Test(
        "what is no fault is refused with the reason, and nothing is armed",
        arguments: [
            "", "[]", "{}", #"{"fault":"explode"}"#, #"{"fault":"latency","dealy":"1s"}"#,
            #"{"fault":"hang","on":{"calls":"3-1"}}"#, #"{"fault":"ws-close","code":1006}"#,
        ])
    func refused(body: String) throws {
        let stage = try ControlStage()
        let answer = stage.control("POST", "faults", body)
        #expect(answer.0 == 400)
        #expect(answer.1["error"]?.text?.isEmpty == false)
        #expect(stage.control("GET", "faults").1["faults"]?.array?.isEmpty == true)
    }

    @Test("two faults of one name, and one that can never strike, are refused with the reason and nothing is armed")
    func mistaken() throws {
        let stage = try ControlStage()
        #expect(stage.control("POST", "faults", #"{"name": "a", "fault": "hang"}"#).0 == 201)
        #expect(stage.control("POST", "faults", #"{"name": "a", "fault": "hang"}"#).0 == 400)
        let never = #"{"name": "b", "on": {"from": "5m", "until": "1m"}, "fault": "hang"}"#
        #expect(stage.control("POST", "faults", never).0 == 400)
        #expect(stage.control("GET", "faults").1["faults"]?.array?.count == 1)
        #expect(stage.control("DELETE", "faults").1["disarmed"]?.integer == 1)
        #expect(try stage.call().status == 200)
    }
}
