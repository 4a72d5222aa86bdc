import Time

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
