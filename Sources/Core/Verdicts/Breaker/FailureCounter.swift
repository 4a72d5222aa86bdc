import Time

/// Counts failures towards a threshold, twice: those that every reading of the events has, and those that some has.
struct FailureCounter {
    private let counts: BreakerPolicy.Counts
    /// Seconds within which the client may have seen an end at another time.
    private let grace: Double
    private(set) var certain = 0
    private(set) var possible = 0
    private(set) var hasTripped = false
    /// It has tripped, whichever ends at the borders of the window are counted.
    private(set) var hasSurelyTripped = false
    /// Some reading is at or past its threshold: a silence is explained.
    private(set) var mayHaveTripped = false
    private var recent: [(at: Instant, failed: Bool)] = []
    private var first = 0
    private var recentFailures = 0
    private var lastFailure: Instant?

    init(_ policy: BreakerPolicy) {
        counts = policy.counts
        grace = policy.grace
    }

    mutating func reset(mayHaveTripped: Bool) {
        (certain, possible, hasTripped, hasSurelyTripped) = (0, 0, false, false)
        self.mayHaveTripped = mayHaveTripped
        (recent, first, recentFailures) = ([], 0, 0)
    }

    mutating func neither() { certain = 0 }

    mutating func succeeded(at now: Instant) {
        certain = 0
        // Seen the other way round, the failure just before came after.
        let isNear = lastFailure.map { now.seconds(after: $0) <= grace } ?? false
        possible = isNear ? possible : 0
        mayHaveTripped = isNear && mayHaveTripped
        if case .window(let seconds, _, _) = counts { note(now, failed: false, seconds) }
    }

    mutating func failed(at now: Instant, isCertain: Bool) {
        lastFailure = now
        possible += 1
        if isCertain { certain += 1 }
        switch counts {
        case .consecutive(let threshold):
            hasTripped = certain >= threshold
            hasSurelyTripped = hasTripped
            mayHaveTripped = mayHaveTripped || possible >= threshold
        case .window(let seconds, let rate, let least):
            note(now, failed: true, seconds)
            let count = recent.count - first
            hasTripped = count >= least && Double(recentFailures) >= rate * Double(count)
            let (edge, latest) = border(now, seconds)
            hasSurelyTripped = count - edge >= least && Double(recentFailures - edge) >= rate * Double(count - edge)
            let doubt = edge + latest + 2
            if count + doubt >= least, Double(recentFailures + doubt) >= rate * Double(count) { mayHaveTripped = true }
        }
    }

    /// Ends that the client may have counted into the window, or not: those at its beginning, and the latest.
    private func border(_ now: Instant, _ seconds: Double) -> (edge: Int, latest: Int) {
        let ends = recent[first...]
        return (
            ends.prefix { now.seconds(after: $0.at) >= seconds - grace }.count,
            ends.reversed().prefix { now.seconds(after: $0.at) <= grace }.count
        )
    }

    private mutating func note(_ now: Instant, failed: Bool, _ seconds: Double) {
        recent.append((now, failed))
        if failed { recentFailures += 1 }
        while first < recent.count, now.seconds(after: recent[first].at) > seconds {
            if recent[first].failed { recentFailures -= 1 }
            first += 1
        }
        if first > 256, first > recent.count / 2 {
            recent.removeFirst(first)
            first = 0
        }
    }
}
