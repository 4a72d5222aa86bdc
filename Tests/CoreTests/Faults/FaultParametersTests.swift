import Fields
import JSON
import Testing
import Time

@testable import Faults

@Suite("Parameters of faults") struct FaultParametersTests {
    private let mistakes = MistakeList()

    private func parameters(_ value: Value) -> FieldReader {
        let path = FieldPath.top.appending("faults").appending(0)
        var fields = FieldReader(value.members ?? [], path: path, mistakes)
        fields.beginParameters(of: "x")
        return fields
    }

    @Test("a parameter of each kind is read, also where there is no file")
    func kinds() {
        var fields = parameters([
            "text": "a", "bool": true, "number": 3, "share": .number("0.5"), "duration": "2s",
            "place": "end",
            "inner": ["number": 4],
        ])
        #expect(fields.text("text") == "a")
        #expect(fields.bool("bool") == true)
        #expect(fields.integer("number", 1...3) == 3)
        #expect(fields.chance("share") == 0.5)
        #expect(fields.faultDuration("duration") == .seconds(2))
        #expect(fields.choice("place", of: Latency.Place.self) == .end)
        #expect(fields.object("inner") { $0.integer("number", 0...9) } == 4)
        #expect(fields.required("text") { $0.text($1) } == "a")
        fields.finish()
        #expect(mistakes.mistakes == [])
    }

    @Test("every mistake is noted with its place")
    func noted() {
        var fields = parameters([
            "text": 1, "bool": 0, "number": .number("1e2"), "share": 0, "more": 2, "long": "366d",
            "inner": ["numbr": 4],
            "split-utf8": 1,
        ])
        _ = (
            fields.text("text"), fields.bool("bool"), fields.integer("number", 0...Int.max),
            fields.chance("share")
        )
        _ = (fields.chance("more"), fields.faultDuration("long"))
        _ = fields.object("inner") { $0.integer("number", 0...9) }
        _ = fields.required("missing") { $0.text($1) }
        fields.finish()
        #expect(
            mistakes.mistakes.map(\.description) == [
                #"faults[0].text: expected a string, found a number; write it in quotes: "1""#,
                "faults[0].bool: expected true or false, found a number",
                "faults[0].number: 1e2 is not a whole number from 0",
                "faults[0].share: with a chance of 0 it can never strike",
                "faults[0].more: 2 is not a number from 0 to 1",
                #"faults[0].long: "366d" is longer than a year"#,
                #"faults[0].inner.numbr: "numbr" is no parameter of "inner"; did you mean "number"?"#,
                #"faults[0]: "missing" is missing"#,
                #"faults[0].split-utf8: "split-utf8" is no parameter of "x"; it takes "text", "bool", "number", "share", "more", "long", "inner", "missing""#,
            ])
    }
}
