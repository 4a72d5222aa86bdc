import Delivery
import Testing

@Suite("corrupt") struct CorruptTests {
    @Test("the kind, or its flag")
    func kinds() throws {
        for fault in [#""kind": "duplicate""#, #""duplicate": true"#] {
            #expect(
                try Bending.bent(Bending.stream, by: #"{"fault": "corrupt", \#(fault)}"#).lines == [
                    "head 200", "100ms data: one⏎⏎", "100ms data: one⏎⏎", "200ms data: two⏎⏎", "300ms data: three⏎⏎",
                    "end",
                ])
        }
    }

    @Test("the frame that is named")
    func frame() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "corrupt", "kind": "missing-blank-line", "frame": 2}"#)
                .lines
                == ["head 200", "100ms data: one⏎⏎", "200ms data: two⏎", "300ms data: three⏎⏎", "end"])
    }

    @Test("the same call gets the same noise, another call another")
    func noise() throws {
        let fault = #"{"fault": "corrupt", "kind": "garbage"}"#
        #expect(try Bending.bent(Bending.json, by: fault).steps == Bending.bent(Bending.json, by: fault).steps)
        var book = try Bending.book(fault)
        var answers: [[Step]] = []
        for _ in 0..<2 {
            var strikes = book.decide(Bending.candidate())
            answers.append(strikes.bend(Bending.json, protocol: .http))
        }
        #expect(answers[0] != answers[1])
    }

    @Test("an answer that is gone is not spoilt")
    func notApplicable() throws {
        let bent = try Bending.bent(
            Bending.json, by: #"{"fault": "hang"}"#, #"{"fault": "corrupt", "kind": "garbage"}"#)
        #expect(bent.journal == ["hang", "corrupt (not applied: nothing of the answer is left)"])
    }

    @Test(
        "what it cannot take",
        arguments: [
            (
                "",
                #""kind" is missing; write "kind" and one of "invalid-json", "split-utf8", "missing-blank-line", "duplicate", "reorder", "garbage", "wrong-length""#
            ),
            (
                #", "kind": "split-utf-8""#,
                #"kind: "split-utf-8" is not one of invalid-json, split-utf8, missing-blank-line, duplicate, reorder, garbage, wrong-length; did you mean "split-utf8"?"#
            ),
            (
                #", "kind": "garbage", "duplicate": true"#,
                "one corruption at a time; arm a fault for each: they combine"
            ),
            (#", "garbage": false"#, "garbage: false says nothing; leave it out"),
            (#", "kind": "garbage", "frame": 0"#, "frame: 0 is not a whole number from 1"),
            (#", "kind": "wrong-length", "by": 0"#, "by: a length that is wrong by 0 is right"),
            (
                #", "kind": "wrong-length", "frame": 1"#,
                #"frame: "frame" is no parameter of "corrupt"; it takes "kind", "by""#
            ),
            (
                #", "kind": "garbage", "pause": "1s""#,
                #"pause: "pause" is no parameter of "corrupt"; it takes "kind", "frame""#
            ),
        ])
    func refused(parameters: String, mistake: String) throws {
        #expect(try Bending.mistakes(#"{"fault": "corrupt"\#(parameters)}"#) == [mistake])
    }
}
