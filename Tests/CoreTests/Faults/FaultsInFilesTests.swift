import Emulator
import Faults
import Fields
import Library
import Testing

@Suite("Faults in files that cannot be armed") struct FaultsInFilesTests {
    private func mistakes(_ text: String) -> [Mistake] {
        ScenarioFile.read(Array(text.utf8), fileName: "a.json", .complete(faultsArmedAt: Bending.noon))
            .1
    }

    @Test("a mistake is told with its line and column, as every mistake of the file is")
    func places() {
        let text = """
            {"understudy": 1,
             // two that are wrong
             "faults": [
              {"fault": "hang"},
              {"fault": "reset",
               "at": "frme 3"},
              {"fault": "stall"},
              {"fault": "jwks-outage", "agent": "a", "on": {"session": "s", "until": "2020-01-01T00:00:00Z"}},
            ]}
            """
        #expect(
            mistakes(text).map(\.description) == [
                #"a.json:6:10: faults[1].at: "frme 3" is no place to cut at; there are "accept", "request", "headers", "frame 3", "byte 120""#,
                #"a.json:7:3: faults[2]: where is missing; write "frames": 3, or "bytes": 120"#,
                "a.json:8:37: faults[3].agent: the issuer is asked for itself, not for an agent; leave it out",
                "a.json:8:60: faults[3].on.session: the issuer knows no sessions; leave it out",
                "a.json:8:74: faults[3].on.until: is over already: it can never strike",
            ])
    }

    @Test("without a moment they are read, and left to whoever arms them")
    func unjudged() {
        let text =
            #"{"understudy": 1, "faults": [{"fault": "stall", "on": {"until": "2020-01-01T00:00:00Z"}}]}"#
        #expect(ScenarioFile.read(Array(text.utf8), fileName: "a", .complete()).1 == [])
        #expect(mistakes(text).count == 2)
    }

    @Test("faults without a file get their path")
    func withoutFile() throws {
        let entry = try Bending.entry(#"{"fault": "stall"}"#)
        let found = FaultBook.mistakes(in: [entry], now: Bending.noon)
        #expect(found.map(\.path) == ["faults[0]"])
        #expect(FaultBook.mistakes(in: [], now: Bending.noon) == [])
    }

    @Test("mistakes of every kind come in the order of the file")
    func together() {
        let text = """
            {"understudy": 1,
             "faults": [{"fault": "stall"},
              {"fault": "nonsense"},
              {"fault": "hang", "for": 5}],
             "agentz": []}
            """
        func found(_ text: String) -> [String] {
            mistakes(text).map { "\($0.place?.line ?? 0) \($0.path)" }
        }
        #expect(found(text) == ["2 faults[0]", "3 faults[1].fault", "4 faults[2].for", "5 agentz"])
        #expect(found(#"{"understudy": 1, "faults": [{"fault": "hang"}]}"#) == [])
        #expect(found("{") == ["1 "])
    }
}
