import Delivery
import Support
import Testing
import Time

@testable import Journal

@Suite("Calls that memory holds no longer") struct OlderCallsTests {
    private static let report = Report(outcome: .completed, firstByte: 1, ended: 2)

    private static func call(_ number: Int) -> Call {
        var call = Call(
            number: number, space: "default", arrived: Instant(seconds: Int64(number)), request: .made(), inFlight: 1)
        call.session = number % 2 == 0 ? "even" : "odd"
        return call
    }

    /// The newest four in memory, all of them elsewhere.
    private func journal(_ count: Int, page: Int) -> (log: CallLog, older: MadeOlderCalls) {
        var log = CallLog(limits: CallLog.Limits(calls: 4))
        let older = MadeOlderCalls(most: page)
        for number in 1...count {
            log.append(Self.call(number))
            older.all.append(Self.call(number))
        }
        return (log, older)
    }

    private func found(_ query: Query, in log: CallLog, _ older: MadeOlderCalls, looks: Int) -> [Int] {
        var (search, budget, numbers) = (CallSearch(query, in: log), looks, [Int]())
        for _ in 0..<10_000 {
            switch search.next(in: log, older, budget: &budget) {
            case .call: numbers.append(search.record.number)
            case .pause: budget = looks
            case .waits:
                older.look()
                older.deliver()
            case .failed(let reason): Issue.record("\(reason)")
            case .end: return numbers
            }
        }
        Issue.record("the search does not end")
        return numbers
    }

    @Test(
        "a search finds what it would find if memory held everything", arguments: [1, 3, 1_000], [1, 7, 1_000])
    func same(page: Int, looks: Int) throws {
        let queries: [[(String, String)]] = [
            [], [("session", "even")], [("limit", "3")], [("limit", "9")], [("session", "odd"), ("limit", "7")],
            [("since", "5")], [("since", "5"), ("until", "9")], [("since", "2"), ("limit", "15")], [("limit", "100")],
            [("until", "12"), ("limit", "2")], [("since", "18")], [("session", "none")],
            [("session", "none"), ("limit", "1")], [("outcome", "completed")],
        ]
        let (log, older) = journal(20, page: page)
        for query in try queries.map({ try Query(parameters: $0) }) {
            let numbers = found(query, in: log, older, looks: looks)
            #expect(numbers == older.all.calls(matching: query).map(\.number), "\(query)")
        }
    }

    @Test("calls that are pushed out while a search waits are found all the same")
    func pushedOut() {
        var (log, older) = journal(6, page: 1)
        var (search, budget, numbers) = (CallSearch(Query(), in: log), 1_000, [Int]())
        var next = 7
        for _ in 0..<1_000 {
            let finding = search.next(in: log, older, budget: &budget)
            if finding == .end { break }
            if finding == .call { numbers.append(search.record.number) }
            guard finding == .waits else { continue }
            log.append(Self.call(next))
            older.all.append(Self.call(next))
            next += 1
            older.look()
            older.deliver()
        }
        #expect(numbers == Array(1...6))
    }

    @Test("what cannot be read is told")
    func failing() {
        let (log, older) = journal(6, page: 3)
        older.failure = "it is gone"
        var (search, budget) = (CallSearch(Query(), in: log), 100)
        #expect(search.next(in: log, older, budget: &budget) == .waits)
        #expect(search.next(in: log, older, budget: &budget) == .waits)
        older.look()
        older.deliver()
        #expect(search.next(in: log, older, budget: &budget) == .failed("it is gone"))
        var tally = CallTally(Query(), in: log)
        #expect(tally.proceed(in: log, older, budget: &budget) == .waits)
        older.look()
        older.deliver()
        #expect(tally.proceed(in: log, older, budget: &budget) == .failed("it is gone"))
    }

    @Test(
        "a tally agrees with counting everything at once, however late what was read arrives",
        arguments: [1, 2, 3, 4] as [UInt64])
    func tally(seed: UInt64) throws {
        let queries: [[(String, String)]] = [
            [], [("session", "even")], [("outcome", "completed")], [("limit", "6")], [("since", "20")],
        ]
        for query in try queries.map({ try Query(parameters: $0) }) {
            var chance = SeededGenerator(seed: seed)
            var (log, older) = journal(30, page: 5)
            var (tally, next, completed) = (CallTally(query, in: log), 31, 0)
            for round in 0..<600 {
                change(&log, older, &tally, &next, &chance)
                var budget = Int.random(in: 1...6, using: &chance)
                guard tally.proceed(in: log, older, budget: &budget) == .complete else { continue }
                completed += 1
                let calls = older.all.calls(matching: query)
                #expect(tally.count == calls.count, "seed \(seed), round \(round), \(query)")
                #expect(tally.running == calls.count { $0.outcome == nil }, "seed \(seed), round \(round), \(query)")
            }
            #expect(completed > 0, "seed \(seed), \(query)")
        }
    }

    private func change(
        _ log: inout CallLog, _ older: MadeOlderCalls, _ tally: inout CallTally, _ next: inout Int,
        _ chance: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<20, using: &chance) {
        case 0:
            log.append(Self.call(next))
            older.all.append(Self.call(next))
            tally.note(.arrived(next), in: log)
            next += 1
        case 1:
            let number = Int.random(in: 1..<next, using: &chance)
            guard older.all.record(of: number)?.outcome == nil else { return }
            older.all.end(number, Self.report)
            log.end(number, Self.report)
            tally.note(.ended(number), in: log)
        case 2..<11: older.look()
        default: older.deliver()
        }
    }
}
