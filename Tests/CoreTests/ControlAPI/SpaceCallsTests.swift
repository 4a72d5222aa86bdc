import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Space calls") struct SpaceCallsTests {
    @Test("a space is made, listed, addressed by its path, and dropped")
    func spaces() throws {
        let stage = try ControlStage()
        #expect(stage.control("PUT", "spaces/a").0 == 200)
        #expect(stage.control("PUT", "spaces/no.dots").0 == 400)
        #expect(
            stage.control("GET", "spaces").1["spaces"]?.array?.compactMap { $0["name"]?.text } == ["default", "a"])
        #expect(stage.control("GET", "spaces/a").1["name"]?.text == "a")
        #expect(stage.control("GET", "spaces/b").0 == 404)
        #expect(stage.control("GET", "spaces").1["spaces"]?.array?.count == 2, "nothing is made by looking")
        #expect(stage.control("DELETE", "spaces/a").0 == 200)
        #expect(stage.control("DELETE", "spaces/a").0 == 404)
    }

    @Test("a space is reset alone, waits for its own calls, and cannot forget or see those of the others")
    func isolation() throws {
        let stage = try ControlStage()
        let inSpace = "X-Understudy-Space: a\r\n"
        #expect(try stage.call().status == 200)
        let fault = #"{"fault":"hang","agent":"nobody-*"}"#
        #expect(stage.control("POST", "faults", fault).0 == 201)
        #expect(stage.control("POST", "faults", fault, inSpace).0 == 201)
        #expect(stage.awaited(#"{"atLeast":1,"within":"10ms"}"#, inSpace, at: 10_000_000).0 == 408)
        #expect(stage.control("GET", "calls/1", "", inSpace).0 == 404)
        #expect(stage.control("DELETE", "calls", "", inSpace).0 == 400)
        #expect(stage.control("POST", "reset", "", inSpace).0 == 200)
        #expect(stage.control("GET", "faults", "", inSpace).1["faults"]?.array?.isEmpty == true)
        #expect(stage.control("GET", "faults").1["faults"]?.array?.count == 1)
        #expect(stage.journal.log.count == 1)
        #expect(stage.control("POST", "reset", "", "X-Understudy-Space: no.dots\r\n").0 == 400)
    }
}
