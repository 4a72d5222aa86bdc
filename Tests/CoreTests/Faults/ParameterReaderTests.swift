import JSON
import Testing
import Time

@testable import Faults

@Suite("Parameter reader") struct ParameterReaderTests {
    private func reader(_ value: Value) -> ParameterReader {
        ParameterReader(value.members ?? [], at: ["faults", "0"])
    }

    @Test("a parameter of each kind is read")
    func kinds() {
        var reader = reader([
            "text": "a", "bool": true, "number": 3, "share": .number("0.5"), "duration": "2s", "place": "end",
            "inner": ["number": 4],
        ])
        #expect(reader.text("text") == "a")
        #expect(reader.bool("bool") == true)
        #expect(reader.integer("number", 1...3) == 3)
        #expect(reader.chance("share") == 0.5)
        #expect(reader.duration("duration") == .seconds(2))
        #expect(reader.choice("place", of: Latency.Place.self) == .end)
        #expect(reader.object("inner") { $0.integer("number", 0...9) } == 4)
        #expect(reader.required("text") { $0.text($1) } == "a")
        reader.finish("\"x\"")
        #expect(reader.mistakes == [])
    }

    @Test("every mistake is noted with its place")
    func mistakes() {
        var reader = reader([
            "text": 1, "bool": 0, "number": .number("1e2"), "share": 0, "inner": ["numbr": 4], "odd": 1,
        ])
        _ = (reader.text("text"), reader.bool("bool"), reader.integer("number", 0...Int.max), reader.chance("share"))
        _ = reader.object("inner") { $0.integer("number", 0...9) }
        _ = reader.required("missing") { $0.text($1) }
        reader.finish("\"x\"")
        #expect(
            reader.mistakes.map(\.description) == [
                #"faults[0].text: expected a string, found a number; write it in quotes: "1""#,
                "faults[0].bool: expected true or false, found a number",
                "faults[0].number: 1e2 is not a whole number from 0",
                "faults[0].share: with a chance of 0 it can never strike",
                #"faults[0].inner.numbr: "numbr" is no parameter of "inner"; did you mean "number"?"#,
                #"faults[0]: "missing" is missing"#,
                #"faults[0].odd: "odd" is no parameter of "x"; it takes "text", "bool", "number", "share", "inner", "missing""#,
            ])
    }
}
