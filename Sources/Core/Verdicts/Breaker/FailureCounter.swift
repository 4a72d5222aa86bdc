import Time

/// Counts failures towards a threshold, twice: those that every reading of the events has, and those that some has.
///
/// Rules for a share of failures in a window:
/// - Ends at the window's border are in some reading in it and in another not; a window that moves in steps, as many do,
///   has a border of a tenth of itself.
/// - The client may not have seen the latest successes, may have given up calls that are still in flight, and may count
///   the probes that closed it: of all it counts as many as explain an opening best.
/// - Calls in flight may have succeeded for the client before the failure that trips it here: then it is not sure.
/// - Once some reading has tripped, only the success of a call that came after that says that it is closed.
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
    /// When some reading came to it.
    private var mayTripAt: Instant?
    /// Since then the client may have begun to count anew.
    private var mayCountAnewAt: Instant?
    private var window: ShareWindow?
    private var lastFailure: Instant?

    init(_ policy: BreakerPolicy) {
        counts = policy.counts
        grace = policy.grace
        window = ShareWindow(policy)
    }

    mutating func reset(mayHaveTripped: Bool) {
        (certain, possible, hasTripped, hasSurelyTripped) = (0, 0, false, false)
        self.mayHaveTripped = mayHaveTripped
        (mayTripAt, mayCountAnewAt) = (nil, nil)
        window?.clear()
    }

    /// So many probes closed it, and count for some.
    mutating func closed(by probes: Int) {
        reset(mayHaveTripped: false)
        window?.probes = probes
    }

    mutating func neither() { certain = 0 }

    /// `arrived` is when the call came that ends now.
    mutating func succeeded(at now: Instant, arrived: Instant) {
        certain = 0
        // Seen the other way round, the failure just before came after.
        let isNear = lastFailure.map { now.seconds(after: $0) <= grace } ?? false
        possible = isNear ? possible : 0
        let wasOnItsWay = mayTripAt.map { arrived.seconds(after: $0) <= grace } ?? false
        if mayHaveTripped, !isNear, !wasOnItsWay { (mayHaveTripped, mayTripAt, mayCountAnewAt) = (false, nil, now) }
        window?.note(now, failed: false)
    }

    /// Of the calls in flight here, which may have ended for the client, so many have been for longer than its answers
    /// take to arrive.
    mutating func failed(at now: Instant, isCertain: Bool, inFlight: Int, hidden: Int) {
        lastFailure = now
        possible += 1
        if isCertain { certain += 1 }
        switch counts {
        case .consecutive(let threshold):
            hasTripped = certain >= threshold
            hasSurelyTripped = hasTripped
            if possible >= threshold { mayTrip(now) }
        case .window(let seconds, _, _):
            window?.note(now, failed: true)
            hasTripped = window?.hasTripped == true
            let isAnew = mayCountAnewAt.map { now.seconds(after: $0) <= seconds } ?? false
            hasSurelyTripped = !isAnew && window?.hasSurelyTripped(inFlight: inFlight) == true
            if window?.mayHaveTripped(now, hidden: hidden) == true { mayTrip(now) }
        }
    }

    private mutating func mayTrip(_ now: Instant) {
        mayHaveTripped = true
        mayTripAt = mayTripAt ?? now
    }

    /// `3 failures`, or `3 failures among 12 calls in 10 s`
    var seen: String { window?.seen ?? "\(possible) failures" }
}

/// The calls that ended in the last seconds, and what share of them failed, as the client may have them.
private struct ShareWindow {
    private let seconds: Double
    private let rate: Double
    private let least: Int
    private let grace: Double
    /// Those that closed the breaker.
    var probes = 0
    /// As it is here; without what is just leaving it; without all that may have left it; with all that may be in it.
    private var exact: RecentEnds
    private var surely: RecentEnds
    private var inner: RecentEnds
    private var outer: RecentEnds

    init?(_ policy: BreakerPolicy) {
        guard case .window(let seconds, let rate, let least) = policy.counts else { return nil }
        (self.seconds, self.rate, self.least, grace) = (seconds, rate, least, policy.grace)
        let border = max(policy.grace, seconds / 10)
        exact = RecentEnds(seconds)
        inner = RecentEnds(seconds - border)
        outer = RecentEnds(seconds + border)
        surely = RecentEnds(seconds - policy.grace)
    }

    mutating func clear() {
        probes = 0
        exact.clear()
        inner.clear()
        outer.clear()
        surely.clear()
    }

    mutating func note(_ now: Instant, failed: Bool) {
        exact.note(now, failed: failed)
        inner.note(now, failed: failed)
        outer.note(now, failed: failed)
        surely.note(now, failed: failed)
    }

    var hasTripped: Bool { trips(failures: exact.failures, of: exact.count) }

    /// Whichever ends at the border are counted, and whatever calls in flight come to.
    func hasSurelyTripped(inFlight: Int) -> Bool {
        let edge = exact.count - surely.count
        return trips(failures: exact.failures - edge, of: exact.count - edge)
            && trips(failures: exact.failures - edge, of: exact.count - edge + inFlight)
    }

    /// With the number of successes that serves it best: enough calls, and no more.
    func mayHaveTripped(_ now: Instant, hidden: Int) -> Bool {
        let failures = outer.failures + hidden
        let most = outer.count - outer.failures + probes
        let fewest = max(0, inner.count - inner.failures - inner.successes(within: grace, of: now))
        let successes = min(most, max(fewest, least - failures))
        return trips(failures: failures, of: failures + successes)
    }

    private func trips(failures: Int, of count: Int) -> Bool {
        count >= least && Double(failures) >= rate * Double(count)
    }

    var seen: String { "\(exact.failures) failures among \(exact.count) calls in \(Figure.time(seconds))" }
}

/// Ends of calls in the last seconds, and how many of them were failures.
private struct RecentEnds {
    private let seconds: Double
    private var ends: [(at: Instant, failed: Bool)] = []
    private var first = 0
    private(set) var failures = 0

    init(_ seconds: Double) { self.seconds = seconds }

    var count: Int { ends.count - first }

    func successes(within seconds: Double, of now: Instant) -> Int {
        ends[first...].reversed().prefix { now.seconds(after: $0.at) <= seconds }.count { !$0.failed }
    }

    mutating func clear() { (ends, first, failures) = ([], 0, 0) }

    mutating func note(_ now: Instant, failed: Bool) {
        ends.append((now, failed))
        if failed { failures += 1 }
        while first < ends.count, now.seconds(after: ends[first].at) > seconds {
            if ends[first].failed { failures -= 1 }
            first += 1
        }
        if first > 256, first > ends.count / 2 {
            ends.removeFirst(first)
            first = 0
        }
    }
}
