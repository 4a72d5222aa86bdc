import Emulator
import JSON
import Testing

@testable import Library

@Suite("Faults in files") struct FaultReaderTests {
    @Test(
        "every field is checked",
        arguments: [
            Refused(#""faults": [{}]"#, "faults[0]", #""fault" is missing"#),
            Refused(
                #""faults": [{"fault": "expired-token"}]"#, "faults[0].fault",
                #""expired-token" is not one of error, expiring-token"#),
            Refused(
                #""faults": [{"fault": "hang", "agnet": "*"}]"#, "faults[0].agnet",
                #""agnet" is not known here; did you mean "agent"?"#),
            Refused(
                #""faults": [{"fault": "hang", "operation": "Stop"}]"#, "faults[0].operation", #""Stop" is not one of"#),
            Refused(#""faults": [{"fault": "hang", "on": []}]"#, "faults[0].on", "expected an object, found an array"),
            Refused(
                #""faults": [{"fault": "hang", "on": {"call": "1"}}]"#, "faults[0].on.call",
                #""call" is not known here; did you mean "calls"?"#),
            Refused(
                #""faults": [{"fault": "hang", "on": {"calls": "0"}}]"#, "faults[0].on.calls",
                #""0" does not say which calls"#),
            Refused(
                #""faults": [{"fault": "hang", "on": {"calls": "1", "every": 2}}]"#, "faults[0].on.every",
                #""calls" says which calls already"#),
            Refused(
                #""faults": [{"fault": "hang", "on": {"every": 0}}]"#, "faults[0].on.every",
                "0 is not a whole number from 1"),
            Refused(
                #""faults": [{"fault": "hang", "on": {"chance": 2}}]"#, "faults[0].on.chance", "2 is not from 0 to 1"),
            Refused(
                #""faults": [{"fault": "hang", "on": {"from": "noon"}}]"#, "faults[0].on.from",
                #""noon" is neither a duration nor a moment"#),
            Refused(
                #""faults": [{"fault": "hang", "on": {"perSession": 1}}]"#, "faults[0].on.perSession",
                "expected true or false"),
            Refused(
                #""faults": [{"fault": "hang", "on": {"times": -1}}]"#, "faults[0].on.times",
                "-1 is not a whole number from 1"),
            Refused(
                #""faults": [{"fault": "hang", "on": {"session": ""}}]"#, "faults[0].on.session", "the pattern is empty"
            ),
        ])
    func refused(refused: Refused) { refused.isRefused() }

    @Test("a fault's own parameters stay in their order")
    func parameters() throws {
        let fault = try fileHolding(
            #"""
            "faults": [{"lognormal": {"median": "1s", "p99": "3s"}, "fault": "latency", "at": "headers",
              "on": {"from": "10s", "until": "2026-01-15T12:00:00Z", "chance": 0.5, "times": 3, "perSession": true}}]
            """#
        ).faults[0]
        #expect(fault.parameters.map(\.name) == ["lognormal", "at"])
        #expect(fault.on?.map(\.name) == ["from", "until", "chance", "times", "perSession"])
    }

    @Test("one fault by itself is read as one in a file is")
    func alone() {
        let (entry, mistakes) = ScenarioFile.readFault(
            Array(#"{"fault": "stall", "frames": 2, "on": {"calls": "1"}} // the second"#.utf8),
            fileName: "fault", .complete())
        #expect(mistakes == [])
        #expect(entry?.fault == "stall" && entry?.parameters.map(\.name) == ["frames"] && entry?.on?.count == 1)
    }

    @Test(
        "one fault by itself is refused with line and column",
        arguments: [
            ("", "fault:1:1: "), ("[]", "fault:1:1: expected an object"),
            ("{\n\"fault\": \"hng\"}", "fault:2:10: fault: "),
            (#"{"fault": "hang", "for": "1s", "for": "2s"}"#, #"fault:1:32: for: "for" stands in this object twice"#),
            (#"{"fault": "hang", "on": {"calls": "2-1"}}"#, "fault:1:35: on.calls: \"2-1\" ends before it begins"),
        ])
    func aloneRefused(text: String, mistake: String) {
        let (entry, mistakes) = ScenarioFile.readFault(Array(text.utf8), fileName: "fault", .complete())
        #expect(entry == nil)
        #expect(mistakes.first?.description.hasPrefix(mistake) == true, "\(mistakes)")
    }

    @Test("every word of the catalogue may stand in a file")
    func words() {
        let words = Vocabulary.complete().faults
        #expect(words.count == 18 && Set(words).count == 18)
        for word in words {
            #expect(mistakes(in: #"{"understudy": 1, "faults": [{"fault": "\#(word)"}]}"#) == [])
        }
    }
}
