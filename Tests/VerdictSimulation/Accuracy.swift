import Time
import Verdicts

/// How often the judges were right about clients of one kind.
package struct AccuracyRow: Sendable {
    package var kind: String
    package var client: String
    package var declared: String
    package var isCorrect: Bool
    package var runs = 0
    package var passed = 0
    package var failed = 0
    /// A row at which the judges need not decide, and why: too few samples, or no likelihood could.
    package var excuse: String?

    package var inconclusive: Int { runs - passed - failed }
    package func share(_ count: Int) -> Double { Double(count) / Double(max(1, runs)) }

    package mutating func count(_ judgement: Judgement) {
        runs += 1
        if judgement == .pass { passed += 1 }
        if judgement == .fail { failed += 1 }
    }

    /// What the row misses of what it has to reach; nil when nothing.
    package var miss: String? {
        if isCorrect {
            // One run in so few is no measure of one in a hundred.
            if failed > max(1, runs / 100) { return "a correct client failed" }
            return excuse == nil && share(passed) < 0.9 ? "a correct client did not pass" : nil
        }
        if excuse != nil { return nil }
        if passed > max(1, runs / 50) { return "a wrong client passed" }
        return share(failed) < 0.9 ? "a wrong client did not fail" : nil
    }
}

/// Runs one simulated client before the judges.
package enum Trial {
    package static func judgement(
        _ expectations: [Expectation], _ calls: [ObservedCall], end: Double? = nil
    ) -> Findings {
        let examination = Examination(expectations)
        for call in calls { examination.take(call) }
        let last = calls.reduce(0) { max($0, $1.ended?.real.nanoseconds ?? $1.arrived.real.nanoseconds) }
        let end = end.map { Int64($0 * 1e9) } ?? last + 1_000_000_000
        return examination.findings(at: Moment(Instant(nanoseconds: max(end, last))))
    }

    package static func read(_ json: String) -> [Expectation] {
        let (expectations, mistakes) = ExpectationFile.read(Array(json.utf8), fileName: "simulation")
        precondition(mistakes.isEmpty, "\(mistakes)")
        return expectations
    }
}

/// Every policy against every other.
package struct BackoffGrid: Sendable {
    package var runs: Int
    package var attempts: Int
    package var stories: Int
    package var isGuessed = false

    package init(runs: Int, attempts: Int, stories: Int, isGuessed: Bool = false) {
        (self.runs, self.attempts, self.stories, self.isGuessed) = (runs, attempts, stories, isGuessed)
    }

    package func row(client: SimulatedBackoff, declared: String, seed: UInt64) -> AccuracyRow {
        let expectations = Trial.read(SimulatedBackoff.declaration(declared, attempts: attempts))
        var row = AccuracyRow(
            kind: "backoff \(attempts)×\(stories)", client: client.word, declared: declared,
            isCorrect: client.word == declared)
        if stories < 20 || attempts < 3 { row.excuse = "small" }
        for run in 0..<runs {
            let calls = client.calls(
                stories: stories, attempts: attempts, guessed: isGuessed, seed: seed &* 1_000_003 &+ UInt64(run))
            row.count(Trial.judgement(expectations, calls).judgement)
        }
        return row
    }
}

/// Breakers, good and broken, before what is declared of them.
package enum BreakerGrid {
    package struct Case: Sendable {
        let client: String
        let declared: String
        let json: String
        let isCorrect: Bool
        let outage: SimulatedOutage
        let make: @Sendable () -> any SimulatedBreaker
        var excuse: String?

        init(
            _ client: String, _ declared: String, _ json: String, isCorrect: Bool = true,
            _ outage: SimulatedOutage = SimulatedOutage(), excuse: String? = nil,
            _ make: @escaping @Sendable () -> any SimulatedBreaker
        ) {
            (self.client, self.declared, self.json, self.isCorrect) = (client, declared, json, isCorrect)
            (self.outage, self.excuse) = (outage, excuse)
            self.make = make
        }
    }

    private static func json(_ parameters: String) -> String { #"{"expect": [{"breaker": {\#(parameters)}}]}"# }

    private static let five = json(#""opensAfter": 5, "openFor": "30s", "probes": 1, "closesAfter": 1"#)
    private static let everybody = json(#""opensAfter": 5, "openFor": "30s", "probes": "any""#)
    private static let last = json(
        #""opensAfter": 5, "openFor": "30s", "probes": "any", "openFrom": "last-failure""#)
    private static let three = json(#""opensAfter": 5, "openFor": "30s", "probes": 3, "closesAfter": 3"#)
    private static let window = json(#""counts": {"window": "10s", "rate": 0.5, "least": 10}, "openFor": "30s""#)
    private static let rare = json(#""counts": {"window": "10s", "rate": 0.5, "least": 20}, "openFor": "30s""#)

    private static let many = SimulatedOutage { $0.callers = 12 }
    private static let slow = SimulatedOutage {
        $0.outageService = 2; $0.callers = 12
    }
    private static let dragging = SimulatedOutage {
        $0.outageService = 8; $0.callers = 12
    }
    private static let mixed = SimulatedOutage {
        $0.callers = 12; $0.failing = 0.75
    }

    /// What is drawn for a case depends on its place.
    package static var cases: [Case] { good + broken + windows }

    private static var good: [Case] {
        [
            Case("one probe", "the same", five) { CountingBreaker() },
            Case("one probe, one caller", "the same", five, SimulatedOutage { $0.callers = 1 }) { CountingBreaker() },
            Case("one probe, 12 callers, slow failures", "the same", five, slow) { CountingBreaker() },
            Case(
                "one probe, callers that pause", "the same", five, SimulatedOutage { $0.pauses = true },
                excuse: "pauses"
            ) {
                CountingBreaker()
            },
            Case("one probe, 80 % failures", "the same", five, SimulatedOutage { $0.failing = 0.8 }, excuse: "mixed") {
                CountingBreaker()
            },
            Case("serial, as pybreaker", "preset", json(#""preset": "pybreaker""#), SimulatedOutage { $0.openFor = 60 })
            {
                CountingBreaker {
                    $0.openFor = 60; $0.isSerial = true
                }
            },
            Case("as circuitbreaker", "preset", json(#""preset": "circuitbreaker""#)) {
                CountingBreaker {
                    $0.probes = nil; $0.countsFromLastFailure = true
                }
            },
            Case("as circuitbreaker, slow failures", "preset", json(#""preset": "circuitbreaker""#), slow) {
                CountingBreaker {
                    $0.probes = nil; $0.countsFromLastFailure = true
                }
            },
            Case("as aiobreaker", "preset", json(#""preset": "aiobreaker""#), SimulatedOutage { $0.openFor = 60 }) {
                CountingBreaker {
                    $0.probes = nil; $0.countsFromLastFailure = true; $0.openFor = 60
                }
            },
            Case("as purgatory", "preset", json(#""preset": "purgatory""#)) { CountingBreaker { $0.probes = nil } },
            Case("three probes", "the same", three) {
                CountingBreaker {
                    $0.probes = 3; $0.closesAfter = 3
                }
            },
            Case("window", "the same", window, many) { WindowBreaker(window: 10, rate: 0.5, least: 10, openFor: 30) },
        ]
    }

    private static var broken: [Case] {
        [
            Case("none", "one probe", five, isCorrect: false) { NoBreaker() },
            Case("none, one caller", "one probe", five, isCorrect: false, SimulatedOutage { $0.callers = 1 }) {
                NoBreaker()
            },
            Case("none, callers that pause", "one probe", five, isCorrect: false, SimulatedOutage { $0.pauses = true })
            {
                NoBreaker()
            },
            Case("opens after 8", "after 5", five, isCorrect: false) { CountingBreaker { $0.threshold = 8 } },
            Case("opens after 6", "after 5", five, isCorrect: false, excuse: "the sixth may be on its way") {
                CountingBreaker { $0.threshold = 6 }
            },
            Case(
                "opens after 6, one caller", "after 5", five, isCorrect: false,
                SimulatedOutage {
                    $0.callers = 1; $0.think = 2
                }
            ) { CountingBreaker { $0.threshold = 6 } },
            Case("opens after 3", "after 5", five, isCorrect: false, SimulatedOutage { $0.callers = 1 }) {
                CountingBreaker { $0.threshold = 3 }
            },
            Case("open for half of the time", "open for 30 s", five, isCorrect: false) {
                CountingBreaker { $0.openFor = 15 }
            },
            Case("open for twice the time", "open for 30 s", five, isCorrect: false) {
                CountingBreaker { $0.openFor = 60 }
            },
            Case("no half-open", "one probe", five, isCorrect: false) { CountingBreaker { $0.hasHalfOpen = false } },
            Case("no half-open, one caller", "one probe", five, isCorrect: false, SimulatedOutage { $0.callers = 1 }) {
                CountingBreaker { $0.hasHalfOpen = false }
            },
            Case("everybody probes, slow", "one probe", five, isCorrect: false, slow) {
                CountingBreaker { $0.probes = nil }
            },
            Case("stragglers move the end", "from the trip", everybody, isCorrect: false, dragging) {
                CountingBreaker {
                    $0.probes = nil; $0.countsFromLastFailure = true
                }
            },
            Case("from the trip", "stragglers move the end", last, isCorrect: false, dragging) {
                CountingBreaker { $0.probes = nil }
            },
        ]
    }

    private static var windows: [Case] {
        [
            Case("window, 75 % failures", "the same", window, mixed) {
                WindowBreaker(window: 10, rate: 0.5, least: 10, openFor: 30)
            },
            Case("window, slow failures", "the same", window, slow) {
                WindowBreaker(window: 10, rate: 0.5, least: 10, openFor: 30)
            },
            Case("window, two callers", "the same", window, SimulatedOutage { $0.callers = 2 }, excuse: "few calls") {
                WindowBreaker(window: 10, rate: 0.5, least: 10, openFor: 30)
            },
            Case("window at 20 %", "window at 50 %", window, isCorrect: false, many) {
                WindowBreaker(window: 10, rate: 0.2, least: 10, openFor: 30)
            },
            Case(
                "window of at least 5 calls", "of at least 20", rare, isCorrect: false,
                SimulatedOutage { $0.callers = 2 }
            ) {
                WindowBreaker(window: 10, rate: 0.2, least: 5, openFor: 30)
            },
            Case("counts in a row", "window", window, isCorrect: false, many) { CountingBreaker { $0.threshold = 3 } },
        ]
    }

    package static func row(_ one: Case, runs: Int, seed: UInt64) -> AccuracyRow {
        let expectations = Trial.read(one.json)
        var row = AccuracyRow(
            kind: "breaker", client: one.client, declared: one.declared, isCorrect: one.isCorrect, excuse: one.excuse)
        for run in 0..<runs {
            let (calls, end) = one.outage.calls(one.make(), seed: seed &* 7_919 &+ UInt64(run))
            row.count(Trial.judgement(expectations, calls, end: end).judgement)
        }
        return row
    }
}

package enum RefreshGrid {
    package static func row(_ client: SimulatedRefresher, runs: Int, seed: UInt64) -> AccuracyRow {
        let expectations = Trial.read(
            #"{"expect": [{"tokenRefresh": {"within": "5s", "refreshes": {"max": 1}, "retries": {"max": 1}}}]}"#)
        var row = AccuracyRow(
            kind: "tokenRefresh", client: "\(client.behaviour.rawValue), \(client.callers) callers",
            declared: "one refresh, one retry", isCorrect: client.behaviour == .right)
        if client.behaviour == .stampede, client.callers == 1 { row.isCorrect = true }
        for run in 0..<runs {
            let (calls, end) = client.calls(seed: seed &* 104_729 &+ UInt64(run))
            row.count(Trial.judgement(expectations, calls, end: end).judgement)
        }
        return row
    }
}
