import Time

/// What happened, for people: the states and the calls that show them, and how many failures came in a row before each
/// long silence.
struct BreakerTrack {
    private(set) var intervals: [Interval] = []
    private(set) var leftOut = 0
    private var current: Interval?
    static let most = 100
    private static let callsEach = 20

    /// Failures in a row, whatever the declared breaker would have made of them.
    private(set) var run = 0

    mutating func arrived(_ call: Int, at now: Instant) {
        if current == nil { current = Interval("closed", from: now, to: now) }
        if current?.calls.count ?? 0 < Self.callsEach { current?.calls.append(call) }
    }

    mutating func ended(_ call: Int, isFailure: Bool?) {
        if isFailure == true { run += 1 }
        if isFailure == false { run = 0 }
    }

    mutating func become(_ state: BreakerMachine.State, at now: Instant) {
        close(at: now)
        let word =
            switch state {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half-open"
            }
        current = Interval(word, from: now, to: now)
    }

    mutating func finish(at end: Instant) { close(at: end) }

    private mutating func close(at now: Instant) {
        guard var interval = current else { return }
        interval.to = max(interval.from, now)
        if intervals.count < Self.most { intervals.append(interval) } else { leftOut += 1 }
        current = nil
    }
}

extension BreakerMachine {
    /// One time that it opened.
    struct Trip {
        var at: Instant
        var until: Instant
        var call: Int
        /// It opened because a probe failed.
        var isAgain: Bool
        /// The caller said that it wanted to call.
        var isMarked = false
        /// Seconds of silence, to the first call after the trip or the end.
        var silence: Double?
        var isFollowed = false
        /// The chance that an idle caller is as silent.
        var idleChance = 1.0
        /// Seconds that the first probe came after the end of the open time, and the chance of that.
        var lateness = 0.0
        var lateChance = 1.0
        var isMarkedLate = false
        var violations = CallNumbers()
        var firstViolation: Double?
        var isDisputed = false
    }

    /// A silence after too few failures.
    struct EarlySilence {
        var failures: Int
        /// How many there had been, in words.
        var seen: String
        var seconds: Double
        var chance: Double
        /// The first call after it.
        var call: Int
    }

    enum Violation: Equatable { case open, again, short, probes }
}
