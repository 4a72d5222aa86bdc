import Delivery
import Faults
import Testing

@Suite("close") struct CloseTests {
    @Test(
        "at every point of a stream",
        arguments: [
            ("request", ["close"]),
            ("headers", ["head 200", "close"]),
            ("frame 1", ["head 200", "100ms data: one⏎⏎", "close"]),
            ("frame 3", ["head 200", "100ms data: one⏎⏎", "200ms data: two⏎⏎", "300ms data: three⏎⏎", "close"]),
            ("byte 3", ["head 200", "100ms dat", "close"]),
            ("byte 11", ["head 200", "100ms data: one⏎⏎", "close"]),
            ("byte 12", ["head 200", "100ms data: one⏎⏎", "200ms d", "close"]),
        ])
    func stream(point: String, lines: [String]) throws {
        let bent = try Bending.bent(Bending.stream, by: #"{"fault": "close", "at": "\#(point)"}"#)
        #expect(bent.lines == lines)
        #expect(bent.journal == ["close"])
    }

    @Test("inside a body whose length was promised")
    func body() throws {
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "close", "at": "byte 4"}"#).lines == [
                "head 200, 8 bytes", #"body {"a""#, "close",
            ])
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "close", "at": "byte 8"}"#).lines == [
                "head 200, 8 bytes", #"body {"a": 1}"#, "close",
            ])
    }

    @Test("at accept the call is not looked at: the steps stand for all of it")
    func accept() throws {
        var book = try Bending.book(#"{"fault": "close", "at": "accept"}"#)
        var strikes = book.decide(Bending.occasion())
        #expect(strikes.takeArrival() == [.close])
        #expect(strikes.entries == ["close"])
    }

    @Test(
        "what is not there is said",
        arguments: [
            ("frame 4", Bending.stream, "the reply has only 3 frames"),
            ("frame 1", Bending.json, "the reply is no stream: it has no frames"),
            ("byte 9", Bending.json, "the body has only 8 bytes"),
            ("byte 1", Bending.json(""), "the body has only 0 bytes"),
        ])
    func notApplicable(point: String, steps: [Step], reason: String) throws {
        let bent = try Bending.bent(steps, by: #"{"fault": "close", "at": "\#(point)"}"#)
        #expect(bent.steps == steps)
        #expect(bent.journal == ["close (not applied: \(reason))"])
    }

    @Test("the point has to be there")
    func refused() throws {
        #expect(try Bending.mistakes(#"{"fault": "close"}"#) == [#""at" is missing"#])
    }
}
