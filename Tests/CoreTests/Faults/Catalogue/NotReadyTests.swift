import Faults
import Runtime
import Testing
import Time

@Suite("not-ready") struct NotReadyTests {
    private func fates(_ book: inout FaultBook, _ calls: [(session: String?, at: Int)], agent: String = "a") -> String {
        String(
            calls.map { call in
                let candidate = Bending.candidate(agent: agent, session: call.session, at: .milliseconds(call.at))
                return book.decide(candidate).isEmpty ? "." : "x"
            })
    }

    @Test("a session is not ready for a time from its first call on")
    func session() throws {
        var book = try Bending.book(#"{"fault": "not-ready", "for": "2s"}"#)
        #expect(
            fates(&book, [("s", 0), ("s", 1_999), ("t", 1_999), ("s", 2_000), ("t", 3_998), ("t", 3_999)]) == "xxx.x.")
        #expect(fates(&book, [(nil, 9_000), (nil, 9_000)]) == "xx")
    }

    @Test("a session that ended is provisioned anew")
    func ended() throws {
        var book = try Bending.book(#"{"fault": "not-ready", "for": "2s"}"#)
        #expect(fates(&book, [("s", 0), ("s", 5_000)]) == "x.")
        book.endSession(agent: Bending.candidate(agent: "a").agent, session: "s")
        #expect(fates(&book, [("s", 6_000), ("s", 8_000)]) == "x.")
    }

    @Test("since the agent's first call: sessions do not matter")
    func agent() throws {
        var book = try Bending.book(#"{"fault": "not-ready", "since": "agent"}"#)
        #expect(fates(&book, [("s", 0), ("t", 1_799), ("u", 1_800), (nil, 1_900)]) == "xx..")
        #expect(fates(&book, [("s", 5_000)], agent: "b") == "x")
    }

    @Test("without a time of its own it takes the agent's cold start")
    func coldStart() throws {
        var book = try Bending.book(#"{"fault": "not-ready"}"#)
        var fates = ""
        for moment in [0, 499, 500] {
            let candidate = Bending.candidate(coldStart: .milliseconds(500), at: .milliseconds(moment))
            fates += book.decide(candidate).isEmpty ? "." : "x"
        }
        #expect(fates == "xx.")
    }

    @Test("the answer is 409, to be retried")
    func answer() throws {
        var book = try Bending.book(#"{"fault": "not-ready"}"#)
        var strikes = book.decide(Bending.candidate())
        #expect(strikes.takeRefusal(to: Caller())?.answer == ErrorAnswer(.retryableConflict, for: .http))
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "not-ready", "since": "user"}"#) == [
                #"since: "user" is not one of session, agent"#
            ])
    }
}
