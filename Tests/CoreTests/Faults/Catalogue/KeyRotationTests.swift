import Faults
import Testing

@Suite("key-rotation") struct KeyRotationTests {
    @Test("a call of an agent rotates the keys; the old ones go unless they are kept")
    func effects() throws {
        for (parameters, keepsOld) in [("", false), (#", "keepOld": true"#, true), (#", "keepOld": false"#, false)] {
            var book = try Bending.book(#"{"fault": "key-rotation", "on": {"calls": "2"}\#(parameters)}"#)
            #expect(book.decide(Bending.occasion()).isEmpty)
            var strikes = book.decide(Bending.occasion())
            #expect(strikes.takeIssuerEffects() == [.rotation(keepsOld: keepsOld)])
            #expect(strikes.entries == ["key-rotation"])
        }
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "key-rotation", "keepOld": "yes"}"#) == [
                "keepOld: expected true or false, found a string"
            ])
    }
}
