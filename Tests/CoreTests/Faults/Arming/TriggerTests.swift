import Faults
import Testing
import Time

@Suite("Trigger") struct TriggerTests {
    private func fates(_ on: String, calls: Int = 12) throws -> String {
        var book = try Bending.book(#"{"fault": "hang", "on": {\#(on)}}"#)
        return Bending.fates(&book, calls: calls)
    }

    @Test(
        "calls by number",
        arguments: [
            ("", "xxxxxxxxxxxx"),
            (#""calls": "1-2""#, "xx.........."),
            (#""calls": "3""#, "..x........."),
            (#""calls": "5+""#, "....xxxxxxxx"),
            (#""calls": "1, 4-5, 11+""#, "x..xx.....xx"),
            (#""calls": "every 3""#, "..x..x..x..x"),
            (#""every": 4"#, "...x...x...x"),
            (#""every": 2, "times": 3"#, ".x.x.x......"),
            (#""times": 2"#, "xx.........."),
            (#""calls": "3+", "times": 1"#, "..x........."),
            (#""chance": 1"#, "xxxxxxxxxxxx"),
        ])
    func calls(on: String, expected: String) throws {
        #expect(try fates(on) == expected)
    }

    @Test("a chance strikes its share, and `times` counts what it struck")
    func chance() throws {
        let fates = try fates(#""chance": 0.2"#, calls: 10_000)
        #expect(abs(fates.count { $0 == "x" } - 2_000) < 150)
        let thrice = try self.fates(#""chance": 0.2, "times": 3"#, calls: 10_000)
        #expect(thrice.count { $0 == "x" } == 3)
        #expect(thrice.lastIndex(of: "x").map { fates[...$0] == thrice[...$0] } == true)
    }

    @Test("a window of server time, in durations after the arming or in moments")
    func window() throws {
        for on in [
            #""from": "10s", "until": "20s""#,
            #""from": "2026-01-15T12:00:10Z", "until": "2026-01-15T13:00:20+01:00""#,
            #""from": "10s", "until": "2026-01-15T12:00:20Z""#,
        ] {
            var book = try Bending.book(#"{"fault": "hang", "on": {\#(on)}}"#)
            let fates = [0, 9, 10, 19, 20, 99, 15].map {
                book.decide(Bending.candidate(at: .seconds($0))).isEmpty ? "." : "x"
            }
            #expect(fates.joined() == "..xx..x")
        }
    }

    @Test("calls outside the window are not counted")
    func windowCounts() throws {
        var book = try Bending.book(#"{"fault": "hang", "on": {"from": "10s", "calls": "1-2"}}"#)
        #expect(Bending.fates(&book, calls: 5) == ".....")
        #expect(Bending.fates(&book, calls: 5, Bending.candidate(at: .seconds(10))) == "xx...")
    }

    @Test("a session by pattern: only its calls are counted")
    func session() throws {
        var book = try Bending.book(#"{"fault": "hang", "on": {"session": "vip-*", "calls": "1"}}"#)
        let sessions: [String?] = ["s", nil, "vip-1", "vip-2", "vip-1"]
        #expect(
            sessions.map { book.decide(Bending.candidate(session: $0)).isEmpty } == [true, true, false, true, true])
    }

    @Test("per session each has its own count, and its own `times`")
    func perSession() throws {
        var book = try Bending.book(#"{"fault": "hang", "on": {"perSession": true, "calls": "2+", "times": 1}}"#)
        let sessions: [String?] = ["a", "b", "a", "a", "b", nil, nil]
        #expect(
            sessions.map { book.decide(Bending.candidate(session: $0)).isEmpty } == [
                true, true, false, true, false, true, true,
            ])
        book.endSession(agent: Bending.candidate().agent, session: "a")
        #expect(Bending.fates(&book, calls: 3, Bending.candidate(session: "a")) == ".x.")
    }

    @Test(
        "what can never strike, or is not understood, is refused with the reason",
        arguments: [
            (#""calls": "5-2""#, #"on.calls: "5-2" ends before it begins: it can never hold"#),
            (#""chance": 0"#, "on.chance: with a chance of 0 it can never strike"),
            (#""from": "20s", "until": "10s""#, #"on.until: is not after "from": it can never strike"#),
            (#""from": "10s", "until": "10s""#, #"on.until: is not after "from": it can never strike"#),
            (
                #""from": "1h", "until": "2026-01-15T12:30:00Z""#,
                #"on.until: is not after "from": it can never strike"#
            ),
            (#""until": "2026-01-15T11:59:59Z""#, "on.until: is over already: it can never strike"),
            (#""calls": "0""#, #"on.calls: "0" does not say which calls"#),
            (#""calls": "1", "every": 2"#, #"on.every: "calls" says which calls already"#),
            (#""call": "1""#, #"on.call: "call" is no parameter of "on"; did you mean "calls"?"#),
            (#""times": 0"#, "on.times: 0 is not a whole number from 1"),
            (#""from": "400d""#, #"on.from: "400d" is neither a duration nor a moment"#),
        ])
    func refused(on: String, mistake: String) throws {
        let found = try Bending.mistakes(#"{"fault": "hang", "on": {\#(on)}}"#)
        #expect(found.count == 1 && found[0].hasPrefix(mistake), "\(found)")
    }
}
