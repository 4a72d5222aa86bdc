import Faults
import Library
import Testing

@Suite("Fault check") struct FaultCheckTests {
    @Test("a mistake is told with its line and column, as those of the file's reader are")
    func places() throws {
        let text = """
            {"understudy": 1,
             // two that are wrong
             "faults": [
              {"fault": "hang"},
              {"fault": "reset",
               "at": "frme 3"},
              {"fault": "stall"},
            ]}
            """
        let (scenario, mistakes) = ScenarioFile.read(Array(text.utf8), fileName: "a.json")
        let faults = try #require(scenario, "\(mistakes)").faults
        let found = FaultCheck.mistakes(in: faults, bytes: Array(text.utf8), fileName: "a.json", now: Bending.noon)
        #expect(
            found.map(\.description) == [
                #"a.json:6:10: faults[1].at: "frme 3" is no place to cut at; there are "accept", "request", "headers", "frame 3", "byte 120""#,
                #"a.json:7:3: faults[2]: where is missing; write "frames": 3, or "bytes": 120"#,
            ])
    }

    @Test("faults without a file get their path")
    func withoutFile() throws {
        let entry = try Bending.entry(#"{"fault": "stall"}"#)
        let found = FaultCheck.mistakes(in: [entry], bytes: [], fileName: "a.sqlite", now: Bending.noon)
        #expect(found.map { "\($0.line):\($0.column) \($0.path)" } == ["1:1 faults[0]"])
        #expect(FaultCheck.mistakes(in: [], bytes: [], fileName: "", now: Bending.noon) == [])
    }

    @Test("mistakes of every kind come in the order of the file, also when the reader found some")
    func together() {
        let text = """
            {"understudy": 1,
             "faults": [{"fault": "stall"},
              {"fault": "nonsense"},
              {"fault": "hang", "for": 5}],
             "agentz": []}
            """
        func found(_ text: String) -> [String] {
            let (scenario, read) = ScenarioFile.read(Array(text.utf8), fileName: "a")
            let all = FaultCheck.mistakes(
                inFile: Array(text.utf8), fileName: "a", read: scenario, read, now: Bending.noon)
            return all.map { "\($0.line) \($0.path)" }
        }
        #expect(found(text) == ["2 faults[0]", "3 faults[1].fault", "4 faults[2].for", "5 agentz"])
        #expect(found(#"{"understudy": 1, "faults": [{"fault": "hang"}]}"#) == [])
        #expect(found("{") == ["1 "])
    }
}
