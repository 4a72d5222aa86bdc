import Testing

@Suite("hang") struct HangTests {
    @Test("for good: nothing leaves")
    func forGood() throws {
        #expect(try Bending.bent(Bending.stream, by: #"{"fault": "hang"}"#).lines == ["hang"])
        #expect(try Bending.bent(Bending.json("{}", after: 5), by: #"{"fault": "hang"}"#).lines == ["hang"])
    }

    @Test("for a time: then the answer as it is")
    func forATime() throws {
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "hang", "for": "26s"}"#).lines == [
                "wait 26s", "head 200, 8 bytes", #"body {"a": 1}"#, "end",
            ])
    }

    @Test("an answer that is gone cannot be held back")
    func notApplicable() throws {
        let bent = try Bending.bent(
            Bending.json, by: #"{"fault": "reset", "at": "request"}"#, #"{"fault": "hang", "for": "1s"}"#)
        #expect(bent.lines == ["reset"])
        #expect(bent.journal == ["reset", "hang (not applied: nothing of the answer is left to hold back)"])
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "hang", "four": "1s"}"#) == [
                #"four: "four" is no parameter of "hang"; did you mean "for"?"#
            ])
    }
}
