import Testing

@testable import Faults

@Suite("key-rotation") struct KeyRotationTests {
    @Test("a call of an agent rotates the keys; the old ones go unless they are kept")
    func effects() throws {
        for (parameters, keepsOld) in [("", false), (#", "keepOld": true"#, true), (#", "keepOld": false"#, false)] {
            var book = try Bending.book(#"{"fault": "key-rotation", "on": {"calls": "2"}\#(parameters)}"#)
            #expect(book.decide(Bending.candidate()).isEmpty)
            var strikes = book.decide(Bending.candidate())
            #expect(strikes.takeIssuerEffects() == [.rotation(keepsOld: keepsOld)])
            #expect(strikes.entries.map(\.text) == ["key-rotation"])
        }
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "key-rotation", "keepOld": "yes"}"#) == [
                "keepOld: expected true or false, found a string"
            ])
    }

    @Test("without a word on how often it strikes once, at the first call of whichever agent; the plan says so")
    func once() throws {
        var book = try Bending.book(#"{"fault": "key-rotation"}"#)
        let before = Array(book.plan(calls: 3).rows)
        #expect(before == [[.strikes], [.none], [.none]])
        #expect(Bending.fates(&book, calls: 3) == "x..")
        #expect(Bending.fates(&book, calls: 2, Bending.candidate(agent: "other")) == "..")
        #expect(book.plansToCome(calls: 2).allSatisfy { Array($0.rows) == [[.none], [.none]] })
        #expect(String(decoding: book.plan(calls: 1).text, as: UTF8.self).contains("once, at the first call of all"))
        book.reset(now: Bending.noon)
        #expect(Bending.fates(&book, calls: 2, Bending.candidate(agent: "other")) == "x.")
    }

    @Test(
        "with a word on how often it does as it is told",
        arguments: [(#""every": 2"#, ".x.x"), (#""times": 3"#, "xxx.")])
    func often(on: String, fates: String) throws {
        var book = try Bending.book(#"{"fault": "key-rotation", "on": {\#(on)}}"#)
        #expect(Bending.fates(&book, calls: 4) == fates)
    }
}
