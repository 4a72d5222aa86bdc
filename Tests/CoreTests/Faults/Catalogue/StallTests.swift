import Delivery
import Testing

@testable import Faults

@Suite("stall") struct StallTests {
    @Test("after frames, for good")
    func forGood() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "frames": 2}"#).lines == [
                "head 200", "100ms data: one⏎⏎", "200ms data: two⏎⏎", "hang",
            ])
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "frames": 0}"#).lines == ["head 200", "hang"])
        #expect(try Bending.bent(Bending.stream, by: #"{"fault": "stall", "frames": 3}"#).lines.last == "hang")
    }

    @Test("after frames, for a time: the frames that follow keep their distances")
    func forATime() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "frames": 1, "for": "5s"}"#).lines == [
                "head 200", "100ms data: one⏎⏎", "5200ms data: two⏎⏎", "5300ms data: three⏎⏎", "end",
            ])
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "frames": 3, "for": "5s"}"#).lines.suffix(3) == [
                "300ms data: three⏎⏎", "wait 5300ms", "end",
            ])
    }

    @Test("after bytes, inside a frame and inside a body")
    func bytes() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "bytes": 14}"#).lines == [
                "head 200", "100ms data: one⏎⏎", "200ms dat", "hang",
            ])
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "stall", "bytes": 14, "for": "1s"}"#).lines == [
                "head 200", "100ms data: one⏎⏎", "200ms dat", "1200ms a: two⏎⏎", "1300ms data: three⏎⏎", "end",
            ])
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "stall", "bytes": 4, "for": "1s"}"#).lines == [
                "head 200, 8 bytes", #"body {"a""#, "wait 1s", "body : 1}", "end",
            ])
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "stall", "bytes": 0}"#).lines == [
                "head 200, 8 bytes", "hang",
            ])
    }

    @Test("whatever is done to a stream, its frames stay one run: the journal tells them by it")
    func oneRun() throws {
        for bytes in 0...35 {
            let steps = try Bending.bent(Bending.stream, by: #"{"fault": "stall", "bytes": \#(bytes), "for": "1s"}"#)
                .steps
            #expect(steps.count { if case .frames = $0 { true } else { false } } == 1, "after \(bytes) bytes")
            var passed = AnswerSoFar()
            for step in steps { passed.note(step) }
            #expect(passed.bytes == 35)
        }
    }

    @Test(
        "what is not there is said",
        arguments: [
            (#""frames": 4"#, Bending.stream, "the reply has only 3 frames"),
            (#""bytes": 36"#, Bending.stream, "the body has only 35 bytes"),
            (#""frames": 1"#, Bending.json, "the reply is no stream: it has no frames"),
            (#""bytes": 9"#, Bending.json, "the body has only 8 bytes"),
            (#""bytes": 9223372036854775807"#, Bending.json, "the body has only 8 bytes"),
            (#""bytes": 1"#, [Step.hang], "nothing of the answer is left"),
        ])
    func notApplicable(parameters: String, steps: [Step], reason: String) throws {
        let bent = try Bending.bent(steps, by: #"{"fault": "stall", \#(parameters)}"#)
        #expect(bent.steps == steps)
        #expect(bent.journal == ["stall (not applied: \(reason))"])
    }

    @Test(
        "what it cannot take",
        arguments: [
            ("", #"where is missing; write "frames": 3, or "bytes": 120"#),
            (#", "frames": 1, "bytes": 1"#, #"bytes: "frames" says where already; write only one"#),
            (#", "frames": -1"#, "frames: -1 is not a whole number from 0"),
            (#", "frames": 1.5"#, "frames: 1.5 is not a whole number from 0"),
        ])
    func refused(parameters: String, mistake: String) throws {
        #expect(try Bending.mistakes(#"{"fault": "stall"\#(parameters)}"#) == [mistake])
    }
}
