import Delivery
import Testing
import Time

@Suite("latency") struct LatencyTests {
    @Test("at the headers the whole answer comes later, the reply's own delay included")
    func headers() throws {
        let late = try Bending.bent(Bending.stream, by: #"{"fault": "latency", "delay": "1s"}"#)
        #expect(
            late.lines == [
                "wait 1s", "head 200", "1100ms data: one⏎⏎", "1200ms data: two⏎⏎", "1300ms data: three⏎⏎", "end",
            ])
        #expect(late.journal == ["latency"])
        let delayed = Bending.json("{}", after: 500_000_000)
        #expect(
            try Bending.bent(delayed, by: #"{"fault": "latency", "delay": "1s"}"#).lines == [
                "wait 1500ms", "head 200, 2 bytes", "body {}", "end",
            ])
    }

    @Test("at the first frame the head comes as ever")
    func firstFrame() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "latency", "delay": "1s", "at": "first-frame"}"#).lines
                == [
                    "head 200", "wait 1s", "1100ms data: one⏎⏎", "1200ms data: two⏎⏎", "1300ms data: three⏎⏎", "end",
                ])
    }

    @Test("at every frame each is later than the one before it by as much again")
    func everyFrame() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "latency", "delay": "50ms", "at": "every-frame"}"#).lines
                == ["head 200", "150ms data: one⏎⏎", "300ms data: two⏎⏎", "450ms data: three⏎⏎", "end"])
    }

    @Test("at the end the last chunk waits, or the last byte of a body whose length is known")
    func end() throws {
        let fault = #"{"fault": "latency", "delay": "1s", "at": "end"}"#
        #expect(
            try Bending.bent(Bending.stream, by: fault).lines.suffix(3) == [
                "300ms data: three⏎⏎", "wait 1300ms", "end",
            ])
        #expect(
            try Bending.bent(Bending.json, by: fault).lines == [
                "head 200, 8 bytes", #"body {"a": 1"#, "wait 1s", "body }", "end",
            ])
    }

    @Test(
        "where there is nothing to delay, it says so",
        arguments: [
            ("first-frame", Bending.json, "the reply is no stream: it has no frames"),
            ("every-frame", Bending.json, "the reply is no stream: it has no frames"),
            ("end", Bending.json(""), "the reply has no body whose end could be delayed"),
            ("end", [Bending.head(.unknown), .close], "the answer is cut: it has no end to delay"),
            ("headers", [.hang], "nothing of the answer is left to delay"),
        ])
    func notApplicable(at place: String, steps: [Step], reason: String) throws {
        let bent = try Bending.bent(steps, by: #"{"fault": "latency", "delay": "1s", "at": "\#(place)"}"#)
        #expect(bent.steps == steps)
        #expect(bent.journal == ["latency (not applied: \(reason))"])
    }

    @Test("a year on top of a year on top of a long stream overflows nothing")
    func extremes() throws {
        let year = #"{"fault": "latency", "delay": "365d", "at": "every-frame"}"#
        let long = Bending.stream(Array(repeating: "data: 1\n\n", count: 500))
        #expect(try Bending.bent(long, by: year).lines.count == 502)
    }

    @Test(
        "parameters that make no sense",
        arguments: [
            (
                "", [#"how long is missing; write one of "delay", "uniform", "normal", "lognormal", "spike""#]
            ),
            (
                #", "delay": "1s", "spike": {"base": "0s", "to": "9s", "chance": 0.1}"#,
                [
                    #"spike: "delay" says how long already; write one of "delay", "uniform", "normal", "lognormal", "spike""#
                ]
            ),
            (
                #", "delay": "1 s""#,
                [#"delay: "1 s" is not a duration; durations are written "250ms", "1.5s", "15m", "8h""#]
            ),
            (#", "delay": "366d""#, [#"delay: "366d" is longer than a year"#]),
            (#", "delay": 5"#, [#"delay: expected a string, found a number; write it in quotes: "5""#]),
            (
                #", "delay": "1s", "at": "first-fame""#,
                [
                    #"at: "first-fame" is not one of headers, first-frame, every-frame, end; did you mean "first-frame"?"#
                ]
            ),
            (#", "uniform": {"min": "2s", "max": "1s"}"#, [#"uniform.max: is below "min""#]),
            (#", "uniform": {"min": "2s"}"#, [#"uniform: "max" is missing"#]),
            (
                #", "normal": {"mean": "2s", "deviation": "1s", "max": "3s"}"#,
                [#"normal.max: "max" is no parameter of "normal"; it takes "mean", "deviation""#]
            ),
            (#", "lognormal": {"median": "2s", "p99": "1s"}"#, [#"lognormal.p99: is below "median""#]),
            (#", "lognormal": {"median": "0s", "p99": "1s"}"#, ["lognormal.median: is not above zero"]),
            (#", "lognormal": "2s""#, ["lognormal: expected an object, found a string"]),
            (
                #", "spike": {"base": "1s", "to": "2s", "chance": 0}"#,
                ["spike.chance: with a chance of 0 it can never strike"]
            ),
            (
                #", "spike": {"base": "1s", "to": "2s", "chance": 7}"#,
                ["spike.chance: 7 is not a number from 0 to 1"]
            ),
        ])
    func refused(parameters: String, mistakes: [String]) throws {
        #expect(try Bending.mistakes(#"{"fault": "latency"\#(parameters)}"#) == mistakes)
    }
}
