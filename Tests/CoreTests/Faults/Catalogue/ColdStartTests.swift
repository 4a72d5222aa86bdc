import Faults
import Testing
import Time

@Suite("cold-start") struct ColdStartTests {
    @Test("the delay is its own, the agent's, or 1.8 s")
    func delay() throws {
        let own = #"{"fault": "cold-start", "delay": "3s"}"#
        #expect(try Bending.bent(Bending.json, by: own).lines.first == "wait 3s")
        let agents = Bending.candidate(coldStart: .milliseconds(700))
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "cold-start"}"#, candidate: agents).lines.first
                == "wait 700ms")
        #expect(try Bending.bent(Bending.json, by: #"{"fault": "cold-start"}"#).lines.first == "wait 1800ms")
    }

    @Test("only the call that starts a session is late")
    func firstOfSession() throws {
        var book = try Bending.book(#"{"fault": "cold-start"}"#)
        let starts = [true, false, false, true]
        #expect(starts.map { isFirst in !book.decide(Bending.candidate()) { isFirst }.isEmpty } == starts)
    }

    @Test("nothing is asked about sessions when no such fault is armed")
    func unasked() throws {
        var book = try Bending.book(#"{"fault": "hang"}"#)
        var questions = 0
        _ = book.decide(Bending.candidate()) {
            questions += 1
            return true
        }
        #expect(questions == 0)
    }

    @Test("an answer that is gone cannot be late")
    func notApplicable() throws {
        let bent = try Bending.bent(Bending.json, by: #"{"fault": "hang"}"#, #"{"fault": "cold-start"}"#)
        #expect(bent.journal == ["hang", "cold-start (not applied: nothing of the answer is left to delay)"])
    }
}
