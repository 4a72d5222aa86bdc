import Dispatch
import Foundation
import Synchronization
import Time
import Verdicts

/// `make accuracy`: the confusion table, as Markdown on standard output.
package enum AccuracyReport {
    /// `RUNS` is what the rows that count have; the whole takes some minutes.
    package static func run(arguments: [String]) {
        let runs = arguments.first.flatMap(Int.init) ?? 1_000
        let seed = arguments.dropFirst().first.flatMap(UInt64.init) ?? 1
        let began = Date()
        if runs == 0 { return print(million()) }
        print("Seed \(seed), \(runs) runs for each row that is to measure one in a hundred.\n")
        var misses: [String] = []
        misses += breakers(runs: runs, seed: seed)
        misses += refreshers(runs: runs, seed: seed)
        for size in [(3, 5), (3, 20), (3, 100), (5, 5), (5, 20), (5, 100)] {
            misses += backoff(attempts: size.0, stories: size.1, runs: runs, seed: seed)
        }
        misses += sampled(runs: runs, seed: seed)
        print(million())
        print("\n\(Int(-began.timeIntervalSinceNow)) s. Rows that miss their target: \(misses.count).")
        for miss in misses { print("- \(miss)") }
        exit(misses.isEmpty ? 0 : 1)
    }

    /// Of this thread: what else runs on the machine is left out.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What a journal of one million calls costs to judge, its making left out.
    private static func million() -> String {
        var many = ManyCalls()
        let examination = Examination(ManyCalls.expectations)
        var spent = 0.0
        var calls: [ObservedCall] = []
        for _ in 0..<100 {
            calls.removeAll(keepingCapacity: true)
            for _ in 0..<10_000 { calls.append(many.next()) }
            let began = processorSeconds
            for call in calls { examination.take(call) }
            spent += processorSeconds - began
        }
        let began = processorSeconds
        let findings = examination.findings(at: Moment(Instant(nanoseconds: 2_100_000_000_000)))
        spent += processorSeconds - began
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return "One million calls before eight expectations, \(findings.results.count) results:"
            + " \(String(format: "%.1f", spent)) s; the program's greatest size was \(usage.ru_maxrss / 1_024) MB."
    }

    /// Rows are independent: one for each core at a time.
    package static func parallel<Item: Sendable>(_ items: [Item], _ row: @Sendable (Item, Int) -> AccuracyRow)
        -> [AccuracyRow]
    {
        let rows = Mutex([AccuracyRow?](repeating: nil, count: items.count))
        DispatchQueue.concurrentPerform(iterations: items.count) { place in
            let made = row(items[place], place)
            rows.withLock { $0[place] = made }
        }
        return rows.withLock { $0.compactMap { $0 } }
    }

    private static func table(_ title: String, _ rows: [AccuracyRow]) -> [String] {
        print(
            "## \(title)\n\n| client | declared | runs | pass | fail | inconclusive | |\n|---|---|--:|--:|--:|--:|---|")
        for row in rows { print(line(row)) }
        print("")
        return rows.compactMap { row in row.miss.map { "\(row.kind): \(row.client) declared as \(row.declared): \($0)" }
        }
    }

    private static func line(_ row: AccuracyRow) -> String {
        let shares = [row.passed, row.failed, row.inconclusive].map { String(format: "%.1f %%", row.share($0) * 100) }
        let mark = row.miss.map { "**\($0)**" } ?? row.excuse ?? (row.isCorrect ? "correct" : "wrong")
        return "| \(row.client) | \(row.declared) | \(row.runs) | \(shares.joined(separator: " | ")) | \(mark) |"
    }

    private static func breakers(runs: Int, seed: UInt64) -> [String] {
        let cases = BreakerGrid.cases
        return table(
            "Breakers", parallel(cases) { one, place in BreakerGrid.row(one, runs: runs, seed: seed &+ UInt64(place)) })
    }

    private static func refreshers(runs: Int, seed: UInt64) -> [String] {
        let clients = SimulatedRefresher.Behaviour.allCases.flatMap { behaviour in
            [1, 20].map { SimulatedRefresher(behaviour, callers: $0) }
        }
        return table(
            "Token refresh",
            parallel(clients) { client, place in
                RefreshGrid.row(client, runs: max(20, runs / 5), seed: seed &+ UInt64(place))
            })
    }

    /// Correct clients row by row; of the wrong ones a matrix.
    private static func backoff(attempts: Int, stories: Int, runs: Int, seed: UInt64) -> [String] {
        let separability = Separability(attempts: attempts, seed: seed)
        let clients = SimulatedBackoff.all
        let pairs = clients.flatMap { client in clients.map { (client, $0) } }
        let rows = parallel(pairs) { pair, place in
            let isCorrect = pair.0.word == pair.1.word
            let grid = BackoffGrid(
                runs: isCorrect ? (stories > 20 ? runs / 2 : runs) : max(20, runs / 20), attempts: attempts,
                stories: stories)
            var row = grid.row(client: pair.0, declared: pair.1.word, seed: seed &+ UInt64(place) &* 31)
            guard !isCorrect, row.excuse == nil, row.miss != nil else { return row }
            let power = separability.power(client: pair.0, declared: pair.1, stories: stories, seed: seed)
            if power < 0.9 {
                let needed = separability.storiesNeeded(client: pair.0, declared: pair.1, seed: seed)
                row.excuse = needed.map { "cannot be told apart before \($0) stories" } ?? "cannot be told apart"
            }
            return row
        }
        let shown = rows.filter { $0.isCorrect || $0.miss != nil || $0.excuse?.hasPrefix("cannot") == true }
        let misses = table("Backoff, \(attempts) attempts, \(stories) stories", shown)
        matrix(rows, clients.map(\.word))
        return misses
    }

    /// Of wrong declarations: how often they fail; the client's policy down, the declared one across.
    private static func matrix(_ rows: [AccuracyRow], _ words: [String]) {
        print("Percent of runs failed; down what the client does, across what is declared, in the same order:\n")
        print("| |" + words.indices.map { "\($0 + 1)|" }.joined() + "\n|---|" + words.map { _ in "--:|" }.joined())
        for (index, client) in words.enumerated() {
            let cells = words.map { declared -> String in
                guard let row = rows.first(where: { $0.client == client && $0.declared == declared }) else { return "" }
                return row.isCorrect ? "·" : String(Int(row.share(row.failed) * 100 + 0.5))
            }
            print("| \(index + 1) \(client) |" + cells.map { "\($0)|" }.joined())
        }
        print("")
    }

    /// Other sizes, guessed stories, and mistaken parameters, sampled by seed.
    private static func sampled(runs: Int, seed: UInt64) -> [String] {
        var chance = SimulatedChance(seed: seed)
        let clients = SimulatedBackoff.all
        let sizes = (0..<24).map { _ in
            (attempts: 2 + Int(chance.unit() * 9), stories: 1 + Int(chance.unit() * chance.unit() * 500))
        }
        let correct = parallel(sizes) { size, place in
            let grid = BackoffGrid(
                runs: max(20, runs / 10), attempts: size.attempts, stories: size.stories, isGuessed: place % 2 == 0)
            let client = clients[place % clients.count]
            return grid.row(client: client, declared: client.word, seed: seed &+ UInt64(place))
        }
        let mistaken = parallel(SimulatedBackoff.mistaken) { pair, place in
            BackoffGrid(runs: max(20, runs / 10), attempts: 4, stories: 40)
                .row(client: pair.client, declared: pair.declared, seed: seed &+ UInt64(place))
        }
        return table("Backoff, other sizes (every other one without an SDK's ids)", correct)
            + table("Backoff, wrong parameters, 4 attempts, 40 stories", mistaken)
    }
}
