import Faults
import Runtime
import Testing
import Time

@Suite("throttle") struct ThrottleTests {
    /// The fate of a call at each of these moments, in milliseconds.
    private func fates(_ fault: String, at milliseconds: [Int], sessions: [String] = ["s"]) throws -> String {
        var book = try Bending.book(fault)
        return String(
            milliseconds.enumerated().map { index, moment in
                let candidate = Bending.candidate(
                    session: sessions[index % sessions.count], at: .milliseconds(moment))
                return book.decide(candidate).isEmpty ? "." : "x"
            })
    }

    @Test("calls within the rate pass; what comes faster than the bucket refills is refused")
    func rate() throws {
        let fault = #"{"fault": "throttle", "rate": "10/s", "burst": 2}"#
        #expect(try fates(fault, at: [0, 0, 0, 50, 100, 100, 200, 300, 400]) == "..xx.x...")
    }

    @Test("how long to wait is told in both fields, if it is told at all")
    func hint() throws {
        func fields(_ more: String) throws -> [String] {
            var book = try Bending.book(#"{"fault": "throttle", "rate": "1/s"\#(more)}"#)
            _ = book.decide(Bending.candidate())
            var strikes = book.decide(Bending.candidate())
            return try #require(strikes.takeRefusal(to: Caller())).fields.map { "\($0.name): \($0.value)" }
        }
        #expect(try fields("") == [])
        #expect(try fields(#", "retryAfter": "250ms""#) == ["Retry-After: 1", "x-amz-retry-after: 250"])
    }

    @Test("the burst is a period's calls unless told")
    func burst() throws {
        #expect(try fates(#"{"fault": "throttle", "rate": "3/s"}"#, at: [0, 0, 0, 0, 333, 334, 335]) == "...xx.x")
        #expect(try fates(#"{"fault": "throttle", "rate": "2/m"}"#, at: [0, 0, 29_999, 30_000, 90_000]) == "..x..")
        #expect(try fates(#"{"fault": "throttle", "rate": "1/10s"}"#, at: [0, 9_999, 10_000]) == ".x.")
    }

    @Test("a clock that is set back does not throttle until it is where it was")
    func clockSetBack() throws {
        #expect(try fates(#"{"fault": "throttle", "rate": "1/s"}"#, at: [900_000, 0, 500, 1_000]) == "..x.")
    }

    @Test("each agent has a bucket; with perSession each session")
    func buckets() throws {
        var book = try Bending.book(#"{"fault": "throttle", "rate": "1/s"}"#)
        for agent in ["a", "b"] { #expect(Bending.fates(&book, calls: 2, Bending.candidate(agent: agent)) == ".x") }
        let perSession = #"{"fault": "throttle", "rate": "1/s", "on": {"perSession": true}}"#
        #expect(try fates(perSession, at: [0, 0, 0, 0], sessions: ["s", "t"]) == "..xx")
    }

    @Test("the answer is the service's 429")
    func answer() throws {
        var book = try Bending.book(#"{"fault": "throttle", "rate": "1/h"}"#)
        _ = book.decide(Bending.candidate())
        var strikes = book.decide(Bending.candidate())
        #expect(strikes.takeRefusal(to: Caller())?.answer == ErrorAnswer(.throttling, for: .http))
    }

    @Test("a huge rate overflows nothing; a burst that would last for years is refused")
    func extremes() throws {
        #expect(try fates(#"{"fault": "throttle", "rate": "1/365d"}"#, at: [0, 1]) == ".x")
        #expect(
            try Bending.mistakes(#"{"fault": "throttle", "rate": "1/365d", "burst": 1000000000}"#) == [
                "burst: at this rate it takes more than a year to refill"
            ])
        #expect(try fates(#"{"fault": "throttle", "rate": "999999999999999999/s"}"#, at: [0, 0, 0]) == "...")
    }

    @Test(
        "what is no rate",
        arguments: ["25", "/s", "0/s", "-1/s", "25/", "25/fortnight", "25/0s", "2.5/s", "1/9999d", "25/s/s", ""])
    func refused(rate: String) throws {
        #expect(
            try Bending.mistakes(#"{"fault": "throttle", "rate": "\#(rate)"}"#) == [
                #"rate: "\#(rate)" is no rate; rates are written "25/s", "100/m", "1/10s""#
            ])
    }

    @Test("the rate has to be there, the burst to be a number")
    func parameters() throws {
        #expect(try Bending.mistakes(#"{"fault": "throttle"}"#) == [#""rate" is missing"#])
        #expect(
            try Bending.mistakes(#"{"fault": "throttle", "rate": "1/s", "burst": 0}"#) == [
                "burst: 0 is not a whole number from 1 to 1000000000"
            ])
    }
}
