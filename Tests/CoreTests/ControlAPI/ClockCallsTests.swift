import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Clock calls") struct ClockCallsTests {
    @Test("the clock is read, moved, set and stopped")
    func moves() throws {
        let stage = try ControlStage()
        let set = #"{"set":"2026-01-15T12:00:00Z","freeze":true}"#
        #expect(stage.control("PUT", "clock", set).1["now"]?.text?.hasPrefix("2026-01-15T12:00:00") == true)
        #expect(stage.control("GET", "clock").1["frozen"]?.bool == true)
        let advanced = stage.control("PUT", "clock", #"{"advance":"59m"}"#).1["now"]?.text
        #expect(advanced?.hasPrefix("2026-01-15T12:59:00") == true)
        let back = stage.control("PUT", "clock", #"{"advance":"-1h"}"#).1["now"]?.text
        #expect(back?.hasPrefix("2026-01-15T11:59:00") == true)
    }

    @Test("signatures age in real time, unless they are to go with the clock; a reset goes back")
    func signatures() throws {
        let stage = try ControlStage()
        #expect(stage.control("GET", "clock").1["signatures"] == "real")
        #expect(stage.control("PUT", "clock", #"{"signatures":"server"}"#).1["signatures"] == "server")
        #expect(stage.control("POST", "reset").0 == 200)
        #expect(stage.control("GET", "clock").1["signatures"] == "real")
    }

    @Test(
        "anything else moves nothing",
        arguments: [
            "{}", "[]", #"{"advance":"soon"}"#, #"{"set":"today"}"#, #"{"freeze":1}"#, #"{"advance":"1h","stop":true}"#,
            #"{"speed":0}"#, #"{"speed":-1}"#, #"{"speed":"fast"}"#, #"{"speed":1e9}"#, #"{"advance":"1h","speed":0}"#,
        ])
    func refused(body: String) throws {
        let stage = try ControlStage()
        _ = stage.control("PUT", "clock", #"{"set":"2026-01-15T12:00:00Z","freeze":true}"#)
        #expect(stage.control("PUT", "clock", body).0 == 400)
        #expect(stage.control("GET", "clock").1["now"]?.text == "2026-01-15T12:00:00.000000000Z")
    }

    @Test(
        "what is wrong with it is said",
        arguments: [
            (#"{"advance":"soon"}"#, #"“advance” is a duration: "59m", or "-59m" to go back; not "soon""#),
            (#"{"set":2026}"#, #"“set” is a time: "2026-01-15T12:00:00Z"; not 2026"#),
            (#"{"freeze":1}"#, "“freeze” is true or false; not 1"),
            (
                #"{"speed":"fast"}"#,
                #"“speed” is a number from 0.001 to 1000000, 2 is twice as fast; or "max"; not "fast""#
            ),
            (#"{"signatures":true}"#, #"“signatures” is "server", or "real" to go back; not true"#),
            (#"{"stop":true}"#, "“stop” is none of advance, set, freeze, speed, signatures"),
        ])
    func reasons(body: String, reason: String) throws {
        let stage = try ControlStage()
        #expect(stage.control("PUT", "clock", body).1["error"]?.text == reason)
    }

    @Test("as fast as can be is a word, not a number")
    func most() throws {
        let stage = try ControlStage()
        #expect(stage.control("PUT", "clock", #"{"speed":"max"}"#).1["speed"] == "max")
        #expect(stage.control("PUT", "clock", #"{"speed":2}"#).1["speed"] == 2)
    }

    @Test("a space's speed is set beside its time, and a reset gives it back")
    func speed() throws {
        let stage = try ControlStage()
        let answer = stage.control("PUT", "clock", #"{"set":"2026-01-15T12:00:00Z","freeze":true,"speed":1000000}"#).1
        #expect(answer["speed"]?.integer == 1_000_000 && answer["frozen"]?.bool == true)
        #expect(stage.control("GET", "clock", "", "X-Understudy-Space: other\r\n").1["speed"]?.integer == 1)
        _ = stage.control("POST", "reset")
        #expect(stage.control("GET", "clock").1["speed"]?.integer == 1)
    }
}
