import Delivery
import Support
import Testing
import Time

@testable import Journal

@Suite("Search and tally") struct CallSearchTests {
    private static let report = Report(outcome: .completed, firstByte: 1, ended: 2)

    private static func call(_ number: Int, _ session: String) -> Call {
        var call = Call(
            number: number, space: "default", arrived: Instant(seconds: Int64(number)), request: .made(), inFlight: 1)
        call.session = session
        return call
    }

    private func log(_ count: Int) -> CallLog {
        var log = CallLog()
        for number in 1...count { log.append(Self.call(number, number % 2 == 0 ? "even" : "odd")) }
        return log
    }

    /// What a search finds when it may look at so many calls at a time, and how often it paused.
    private func found(_ query: Query, in log: CallLog, looks: Int) -> (numbers: [Int], pauses: Int) {
        var search = CallSearch(query, in: log)
        var (numbers, pauses): ([Int], Int) = ([], 0)
        var budget = looks
        while pauses < 10_000 {
            switch search.next(in: log, budget: &budget) {
            case .call: numbers.append(search.record.number)
            case .pause: (pauses, budget) = (pauses + 1, looks)
            case .end: return (numbers, pauses)
            case .waits, .failed:
                Issue.record("there are no older calls")
                return (numbers, pauses)
            }
        }
        Issue.record("the search does not end")
        return (numbers, pauses)
    }

    @Test("it looks at no more calls than it may, and finds the same", arguments: [1, 2, 7, 1_000])
    func budgets(looks: Int) throws {
        let log = log(100)
        let all = found(Query(), in: log, looks: looks)
        #expect(all.numbers == Array(1...100))
        #expect(all.pauses >= 100 / looks - 1)
        let newest = try Query(parameters: [("session", "even"), ("limit", "3")])
        #expect(found(newest, in: log, looks: looks).numbers == [96, 98, 100])
        let some = try Query(parameters: [("since", "90"), ("until", "95")])
        #expect(found(some, in: log, looks: looks).numbers == [91, 92, 93, 94, 95])
        let few = try Query(parameters: [("since", "98"), ("limit", "50")])
        #expect(found(few, in: log, looks: looks).numbers == [99, 100])
        #expect(
            found(try Query(parameters: [("session", "none"), ("limit", "1")]), in: log, looks: looks).numbers == [])
    }

    @Test("calls that come meanwhile are not its business, and those pushed out are gone")
    func changing() {
        var log = CallLog(limits: CallLog.Limits(calls: 4))
        for number in 1...4 { log.append(Self.call(number, "a")) }
        var search = CallSearch(Query(), in: log)
        var budget = 1
        #expect(search.next(in: log, budget: &budget) == .call)
        for number in 5...6 { log.append(Self.call(number, "a")) }
        var rest: [Int] = []
        budget = 100
        while search.next(in: log, budget: &budget) == .call { rest.append(search.record.number) }
        #expect(rest == [3, 4])
    }

    @Test("it ends when the log is cleared, though the same numbers come again")
    func cleared() {
        var log = log(10)
        var (search, budget) = (CallSearch(Query(), in: log), 2)
        while search.next(in: log, budget: &budget) == .call {}
        log.removeAll()
        for number in 1...10 { log.append(Self.call(number, "new")) }
        budget = 100
        #expect(search.next(in: log, budget: &budget) == .end)
    }

    @Test(
        "a tally agrees with counting everything at once, whatever comes in between", arguments: [1, 2, 3] as [UInt64])
    func tally(seed: UInt64) throws {
        let queries: [[(String, String)]] = [
            [], [("session", "even")], [("outcome", "completed")], [("limit", "3")], [("since", "20")],
        ]
        for query in try queries.map({ try Query(parameters: $0) }) {
            var chance = SeededGenerator(seed: seed)
            var log = log(30)
            var tally = CallTally(query, in: log)
            var next = 31
            for round in 0..<400 {
                change(&log, &tally, &next, round, &chance)
                var budget = Int.random(in: 1...4, using: &chance)
                guard tally.proceed(in: log, budget: &budget) == .complete else { continue }
                let calls = log.calls(matching: query)
                #expect(tally.count == calls.count, "seed \(seed), round \(round)")
                #expect(tally.running == calls.count { $0.outcome == nil }, "seed \(seed), round \(round)")
            }
            var budget = Int.max
            let progress = tally.proceed(in: log, budget: &budget)
            #expect(progress == .complete)
        }
    }

    private func change(
        _ log: inout CallLog, _ tally: inout CallTally, _ next: inout Int, _ round: Int, _ chance: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0..<3:
            log.append(Self.call(next, next % 2 == 0 ? "even" : "odd"))
            tally.note(.arrived(next), in: log)
            next += 1
        case 3..<6:
            let number = Int.random(in: 1..<next, using: &chance)
            guard log.record(of: number)?.outcome == nil, log.end(number, Self.report) else { return }
            tally.note(.ended(number), in: log)
        case 6: if round % 10 == 0 { tally.note(.missed(3), in: log) }
        default: if round == 200 { log.removeAll() }
        }
    }
}
