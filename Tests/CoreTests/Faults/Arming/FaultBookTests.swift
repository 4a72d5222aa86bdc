import Fields
import JSON
import Testing
import Time

@testable import Faults

@Suite("Fault book") struct FaultBookTests {
    private func names(_ book: FaultBook) -> [String] { book.listing.array?.compactMap { $0["name"]?.text } ?? [] }

    @Test("armed in order, listed as they were armed, with how often each struck")
    func listing() throws {
        var book = try Bending.book(#"{"fault": "hang", "name": "h", "on": {"calls": "2+"}}"#)
        try book.arm(Bending.entry(#"{"fault": "reset", "at": "headers"}"#), now: Bending.noon)
        for _ in 0..<3 { _ = book.decide(Bending.candidate()) }
        #expect(
            book.listing.json(.spaced)
                == #"[{"name": "h", "on": {"calls": "2+"}, "fault": "hang", "struck": 2, "enabled": true}, {"name": "reset", "fault": "reset", "at": "headers", "struck": 3, "enabled": true}]"#
        )
        #expect(book.listing(of: "h")?["struck"] == 2 && book.listing(of: "x") == nil)
    }

    @Test("a fault without a name gets its word, or the word and a number")
    func freeNames() throws {
        var book = try Bending.book(
            #"{"fault": "hang"}"#, #"{"fault": "hang"}"#, #"{"fault": "latency", "delay": "1s", "name": "hang 3"}"#,
            #"{"fault": "hang"}"#)
        #expect(names(book) == ["hang", "hang 2", "hang 3", "hang 4"])
        let name = try book.arm(Bending.entry(#"{"fault": "hang"}"#), now: Bending.noon)
        #expect(name == "hang 5")
    }

    @Test("two of one name are refused, in a scenario and later")
    func twins() throws {
        let entry = try Bending.entry(#"{"fault": "hang", "name": "x"}"#)
        #expect(
            throws: Mistakes([
                Mistake(#"a fault called "x" is armed already"#, path: "faults[1].name")
            ])
        ) {
            try FaultBook([entry, entry], seed: 7, space: "default", now: Bending.noon)
        }
        var book = try Bending.book(#"{"fault": "hang", "name": "x"}"#)
        #expect(throws: Mistakes([Mistake(#"a fault called "x" is armed already"#, path: "name")])) {
            try book.arm(entry, now: Bending.noon)
        }
        #expect(names(book) == ["x"])
    }

    @Test("every mistake of a scenario is told, and nothing armed")
    func mistakes() throws {
        let entries = try [#"{"fault": "stall"}"#, #"{"fault": "hang"}"#, #"{"fault": "throttle"}"#].map(
            Bending.entry)
        do throws(Mistakes) {
            _ = try FaultBook(entries, seed: 7, space: "default", now: Bending.noon)
            Issue.record("it was armed")
        } catch {
            #expect(error.list.map(\.path) == ["faults[0]", "faults[2]"])
        }
    }

    @Test("what is disarmed strikes no more, and what is behind it keeps its counts")
    func disarm() throws {
        var book = try Bending.book(
            #"{"fault": "hang", "name": "a"}"#, #"{"fault": "hang", "name": "b", "on": {"calls": "3+"}}"#)
        for _ in 0..<2 { _ = book.decide(Bending.candidate()) }
        let first = book.disarm("a")
        let again = book.disarm("a")
        #expect(first && !again)
        #expect(book.decide(Bending.candidate()).list.map(\.name) == ["b"])
        book.disarmAll()
        #expect(book.isEmpty && book.decide(Bending.candidate()).isEmpty)
    }

    @Test("what is armed later counts from then, for agents already met as for others")
    func armedLater() throws {
        var book = try Bending.book(#"{"fault": "hang", "agent": "a", "on": {"calls": "9"}}"#)
        for agent in ["a", "b", "c"] {
            #expect(Bending.fates(&book, calls: 2, Bending.candidate(agent: agent)) == "..")
        }
        let later = Bending.noon + .seconds(60)
        try book.arm(
            Bending.entry(#"{"fault": "hang", "name": "two", "on": {"calls": "1-2", "until": "10s"}}"#), now: later)
        for agent in ["a", "b", "c", "d"] {
            #expect(Bending.fates(&book, calls: 3, Bending.candidate(agent: agent, at: .seconds(61))) == "xx.")
        }
        #expect(Bending.fates(&book, calls: 1, Bending.candidate(agent: "e", at: .seconds(70))) == ".")
    }

    @Test("a reset goes back to the library's faults and their first calls")
    func reset() throws {
        var book = try Bending.book(#"{"fault": "hang", "name": "a", "on": {"calls": "1"}}"#)
        try book.arm(Bending.entry(#"{"fault": "hang", "name": "b"}"#), now: Bending.noon)
        _ = book.decide(Bending.candidate())
        _ = book.disarm("a")
        book.reset(now: Bending.noon)
        #expect(names(book) == ["a"] && book.listing(of: "a")?["struck"] == 0)
        #expect(Bending.fates(&book, calls: 2) == "x.")
    }

    @Test("another space has the library's faults, its own counts and its own chances")
    func spaces() throws {
        var book = try Bending.book(#"{"fault": "hang", "on": {"chance": 0.5}}"#)
        try book.arm(Bending.entry(#"{"fault": "reset", "at": "headers"}"#), now: Bending.noon)
        var other = book.fresh(space: "other", now: Bending.noon)
        var same = book.fresh(space: "default", now: Bending.noon)
        _ = book.disarm("reset")
        let fates = Bending.fates(&book, calls: 200)
        #expect(names(other) == ["hang"])
        #expect(Bending.fates(&same, calls: 200) == fates)
        #expect(Bending.fates(&other, calls: 200) != fates)
    }

    @Test("agents without number cost bounded memory, and are counted all the same")
    func manyAgents() throws {
        var book = try Bending.book(#"{"fault": "hang", "agent": "known", "on": {"calls": "1-2"}}"#)
        #expect(Bending.fates(&book, calls: 1, Bending.candidate(agent: "known")) == "x")
        for number in 0..<(FaultBook.mostAgents + 10) { _ = book.decide(Bending.candidate(agent: "a\(number)")) }
        #expect(Bending.fates(&book, calls: 2, Bending.candidate(agent: "known")) == "x.")
    }
}
