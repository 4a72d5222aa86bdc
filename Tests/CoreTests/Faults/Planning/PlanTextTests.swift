import Testing

@testable import Faults

@Suite("Plan text") struct PlanTextTests {
    private func text(_ book: FaultBook, calls: Int) -> String {
        String(decoding: book.plan(calls: calls).text, as: UTF8.self)
    }

    @Test("a legend, and a row for each call")
    func table() throws {
        let book = try Bending.book(
            #"{"fault": "latency", "name": "slow", "delay": "1320417us", "on": {"calls": "1"}}"#,
            #"{"fault": "error", "name": "down for a while", "status": 503, "on": {"calls": "2+"}}"#,
            #"{"fault": "throttle", "rate": "25/s"}"#)
        #expect(
            text(book, calls: 2) == """
                seed 7, space default
                slow: latency, counted per agent
                down for a while: error, counted per agent
                throttle: throttle, counted per agent, only over 25/s

                call  slow            down for a while  throttle
                   1  1320.417 ms     -                 may strike
                   2  -               strikes           may strike

                """)
    }

    @Test("without faults it says so; a long name is cut in the head only")
    func edges() throws {
        #expect(text(try Bending.book(), calls: 1) == "seed 7, space default\nno faults\n\ncall\n   1\n")
        let long = String(repeating: "é", count: 50)
        let lines = text(try Bending.book(#"{"fault": "hang", "name": "\#(long)"}"#), calls: 1).split(separator: "\n")
        #expect(lines[1].hasPrefix(long) && lines[2] == "call  " + String(repeating: "é", count: 29) + "…")
        #expect(lines[3] == "   1  strikes")
    }
}
