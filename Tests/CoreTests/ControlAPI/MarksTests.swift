import JSON
import Testing

@testable import ControlAPI

@Suite("Marks") struct MarksTests {
    @Test("a mark stands with its space and its clock; a space shows its own, a reset forgets them")
    func marks() throws {
        let stage = try ControlStage()
        _ = stage.control("PUT", "clock", #"{"advance": "1h"}"#, "X-Understudy-Space: a\r\n")
        let (status, mark) = stage.control(
            "POST", "marks", #"{"agent": "search-ABCDEFGHIJ", "note": "was kept from calling"}"#,
            "X-Understudy-Space: a\r\n")
        #expect(status == 201 && mark["space"] == "a" && mark["by"] == .null)
        #expect(mark["at"] == "2026-01-15T12:00:00.000000000Z" && mark["clock"] == "2026-01-15T13:00:00.000000000Z")
        #expect(stage.control("POST", "marks", #"{"by": "anna"}"#).0 == 201)
        #expect(stage.control("GET", "marks").1["marks"]?.array?.count == 2)
        let own = stage.control("GET", "marks", "", "X-Understudy-Space: a\r\n").1["marks"]?.array
        #expect(own == [mark])
        _ = stage.control("POST", "reset")
        #expect(stage.control("GET", "marks").1 == ["marks": []])
    }

    @Test("a note is told without its secrets")
    func secretNote() throws {
        let stage = try ControlStage()
        let note = #"{"by": "anna", "note": "{\"password\":\"x1234567\"} was refused"}"#
        #expect(stage.control("POST", "marks", note).1["note"] == #"{"password":"[redacted]"} was refused"#)
        #expect(stage.control("GET", "marks").1["marks"]?[0]?["note"] == #"{"password":"[redacted]"} was refused"#)
    }

    @Test(
        "a mark says who wanted to call", arguments: ["{}", "[]", #"{"note": "x"}"#, #"{"by": 1}"#, #"{"whom": "x"}"#])
    func refused(body: String) throws {
        let stage = try ControlStage()
        #expect(stage.control("POST", "marks", body).0 == 400)
        #expect(stage.control("GET", "marks").1 == ["marks": []])
    }
}
