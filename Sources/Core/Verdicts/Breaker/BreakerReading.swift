import JSON
import Time

/// What a machine says when all calls have come.
struct BreakerReading {
    let machine: BreakerMachine
    private var policy: BreakerPolicy { machine.policy }

    /// Of an idle caller, that a silence counts as a breaker's.
    static let idleBound = 0.01
    /// Of an idle caller, that silences accuse.
    static let accusation = 0.0005
    private static let lateBound = 0.002

    init(_ machine: BreakerMachine) { self.machine = machine }

    private var opened: [BreakerMachine.Trip] {
        machine.trips.filter { !$0.isDisputed && $0.violations.count == 0 && $0.silence != nil }
    }

    /// That an idle caller would have been as silent every time.
    var idleChance: Double { opened.reduce(1) { $0 * ($1.isMarked ? 0 : $1.idleChance) } }

    private var late: [BreakerMachine.Trip] { opened.filter { $0.isFollowed && $0.lateChance < Self.lateBound } }
    private var onTime: [BreakerMachine.Trip] { opened.filter { $0.isFollowed && $0.lateChance >= Self.lateBound } }

    /// Silences after failures that are none of the caller's own: each is twice as long as any after a success.
    private var openings: [(failures: Int, seconds: Double)] {
        machine.openings.filter { $0.seconds > 2 * machine.longestPause }
    }

    /// Through many failures it called as often as before: no breaker at all does that.
    private var isUnbroken: Bool {
        machine.violationCount >= 20 && machine.longestPauseAfterFailures < 1.5 * machine.longestPause
    }

    /// How little the policy fits: the findings against it.
    var objections: Int { machine.violationCount + machine.early.count + machine.earlyMarks + late.count }

    var ruling: Ruling {
        let (judgement, because, calls) = verdict
        return Ruling(judgement, because, calls: calls, figures: figures, intervals: machine.track.intervals)
    }

    private var verdict: (Judgement, String, [Int]) {
        if let (text, calls) = violation ?? openedEarly ?? openedLong { return (.fail, text, calls) }
        if machine.narrow > 0, let trip = machine.trips.first(where: { $0.violations.count > 0 }) {
            let since = Figure.time(trip.firstViolation ?? 0)
            return (
                .inconclusive,
                "\(trip.violations.text) came \(since) after it should have opened, which may have been on its way",
                trip.violations.shown
            )
        }
        let calls = Array(opened.map(\.call).prefix(CallNumbers.most))
        guard let first = machine.trips.first else {
            return (.inconclusive, "there never were \(policy.threshold), so the breaker was not put to the test", [])
        }
        guard idleChance <= Self.idleBound else {
            let chance = Figure.percent(idleChance)
            return (
                .inconclusive,
                "after \(policy.threshold) (call \(first.call)) the calls stopped, but an idle caller is as silent in \(chance) of cases",
                calls
            )
        }
        guard onTime.count > 0 else { return (.inconclusive, notFollowed, calls) }
        return (.pass, good, calls)
    }

    private var notFollowed: String {
        if let late = late.first {
            let wait = Figure.time(late.silence ?? 0)
            return "it opened, but the first call after it came only after \(wait); once may be chance"
        }
        return "it opened, but no call came after it to show that it lets calls through again"
    }

    private var good: String {
        let count = opened.count
        let times = count == 1 ? "once" : "\(count) times"
        let chance =
            opened.contains(where: \.isMarked)
            ? "as the marks say" : "chance of an idle caller \(Figure.percent(idleChance))"
        let text =
            "it opened \(times) after \(policy.threshold) and stayed shut off for \(Figure.time(policy.openFor)) (\(chance))"
        return isHalfOpenTested
            ? text : text + "; its half-open state was not put to the test, as no probe failed or had company"
    }

    private var isHalfOpenTested: Bool {
        machine.probeFailures > 0 && opened.contains { $0.isAgain } || machine.mostProbes > 1
    }

    // MARK: Against it

    private var violation: (String, [Int])? {
        guard let worst = machine.violations.first else { return nil }
        let all = machine.trips.flatMap(\.violations.shown)
        let trip = machine.trips[worst.trip]
        switch worst.kind {
        case .probes:
            let allowed = policy.probes.map { $0 == 1 ? "1 probe" : "\($0) probes" } ?? "all"
            return (
                "half-open it lets \(machine.mostProbes) calls through where \(allowed) may pass before the outcome: \(machine.probeViolations.text)",
                machine.probeViolations.shown
            )
        case .short:
            let since = Figure.time(trip.firstViolation ?? 0)
            return (
                "it let call \(worst.call) through \(since) after it had opened (call \(trip.call)), where it should stay open for \(Figure.time(policy.openFor))",
                all
            )
        case .again:
            return (
                "it did not open again after the failed probe, call \(trip.call): \(trip.violations.text) came while it should have been open",
                all
            )
        case .open:
            if let later = openings.first(where: { $0.failures > (threshold ?? .max) }) {
                return (
                    "it opened after \(later.failures) failures in a row, where \(policy.threshold) should open it: \(trip.violations.text) came in between",
                    all
                )
            }
            return (
                "it did not open after \(policy.threshold) (the last one call \(trip.call)): \(trip.violations.text) came while it should have been open for \(Figure.time(policy.openFor))",
                all
            )
        }
    }

    private var threshold: Int? {
        if case .consecutive(let count) = policy.counts { count } else { nil }
    }

    private var openedEarly: (String, [Int])? {
        if machine.earlyMarks > 0 {
            return ("the caller was kept from calling before there were \(policy.threshold)", [])
        }
        let early = machine.early
        let chance = early.reduce(1) { $0 * $1.chance }
        let shortest = early.reduce(.infinity) { min($0, $1.seconds) }
        guard early.count >= 3, shortest > 2 * machine.longestPause, chance < Self.accusation else { return nil }
        let least = early.min { $0.failures < $1.failures }?.seen ?? ""
        return (
            "it was silent \(early.count) times after only \(least), where \(policy.threshold) should open it",
            early.map(\.call)
        )
    }

    private var openedLong: (String, [Int])? {
        if let marked = machine.trips.first(where: \.isMarkedLate) {
            return (
                "the caller was still kept from calling when \(Figure.time(policy.openFor)) had passed", [marked.call]
            )
        }
        let chance = late.reduce(1) { $0 * $1.lateChance }
        let least = late.reduce(.infinity) { min($0, $1.lateness) }
        let isHabit = late.count >= 3 && onTime.count * 4 <= late.count
        guard isHabit, least > 2 * machine.longestPause, chance < Self.accusation else { return nil }
        let shortest = late.reduce(.infinity) { min($0, $1.silence ?? .infinity) }
        return (
            "it stayed shut off for at least \(Figure.time(shortest)) each time, where it should for \(Figure.time(policy.openFor))",
            late.map(\.call)
        )
    }

    // MARK: Figures

    private var figures: [Value.Member] {
        let shortest = openings.map(\.seconds).min()
        let least = openings.map(\.failures).min()
        var list: [Value.Member] = [
            .init("policy", .string(policy.word)),
            .init("trips", Value(machine.trips.count)),
            .init("opensAfter", least.map { Value($0) } ?? .null),
            .init("openFor", Figure.number(shortest)),
            .init("probes", Value(machine.mostProbes)),
            .init("failedProbes", Value(machine.probeFailures)),
            .init("closings", Value(machine.closings)),
            .init("violations", Value(machine.violationCount)),
            .init("disputed", Value(machine.trips.filter(\.isDisputed).count)),
            .init("idleChance", Figure.chance(opened.isEmpty ? 1 : idleChance)),
            .init("secondsBetweenCalls", Figure.number(machine.meanGap)),
        ]
        if machine.track.leftOut > 0 { list.append(.init("intervalsLeftOut", Value(machine.track.leftOut))) }
        return list
    }

    // MARK: Without a declaration

    /// The library that fits best, and how well. Nobody promised its figures, so none is held against the caller;
    /// what has no breaker at all has failed.
    static func best(_ readings: [BreakerReading]) -> Ruling {
        let ranked = readings.enumerated().sorted {
            ($0.element.objections, $0.element.idleChance, $0.offset)
                < ($1.element.objections, $1.element.idleChance, $1.offset)
        }.map(\.element)
        var ruling = ranked[0].ruling
        ruling.figures.append(
            .init(
                "fits", .array(ranked.map { ["policy": .string($0.policy.word), "objections": Value($0.objections)] })))
        let openings = ranked[0].openings
        if ruling.judgement == .pass {
            ruling.because = "it behaves as \(ranked[0].policy.word) does: \(ruling.because)"
        } else if openings.count >= 2, let failures = openings.map(\.failures).min(),
            let seconds = openings.map(\.seconds).min()
        {
            ruling.judgement = .pass
            ruling.because =
                "there is a breaker, though no known library's: it opens after \(failures) failures and stays open for about \(Figure.time(seconds))"
        } else if ruling.judgement == .fail, !ranked[0].isUnbroken {
            ruling.judgement = .inconclusive
            ruling.because =
                "no known breaker was seen, and none is declared; beside \(ranked[0].policy.word): \(ruling.because)"
        }
        return ruling
    }
}
