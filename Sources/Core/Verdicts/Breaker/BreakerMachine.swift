import Time

/// The declared breaker, run beside the calls that came: it says which of them such a breaker would have kept back.
///
/// Rules:
/// - What the client cannot have known is no violation: calls in flight at a trip, calls within the grace after it.
/// - A caller whose calls never overlapped, and which calls so fast that they would have if it could, has heard of an end
///   before its next call: to it there is no grace.
/// - Where two ends are so near that the client may have seen them the other way round, or a call is neither failure nor
///   success, both readings hold: `certain` failures accuse, `possible` failures excuse.
/// - A success of a call that was in flight at the trip closes some breakers and leaves others as they are: from there on
///   the machine claims nothing until it knows its state again.
///
/// | state | arrival | failure | success |
/// |---|---|---|---|
/// | closed | – | counts; at the threshold: open | counts anew |
/// | open | too soon: violation; else half-open | of a call in flight: may move the end | of a call in flight: unknown |
/// | half-open | beyond the probes: violation | of a probe: open | of a probe: counts; at `closesAfter`: closed |
struct BreakerMachine {
    enum State: Equatable { case closed, open, halfOpen }

    enum Role { case ordinary, probe, violator }

    struct Flight {
        var arrived: Instant
        var period: Int
        var role: Role
    }

    let policy: BreakerPolicy
    private(set) var state = State.closed
    private(set) var trips: [Trip] = []
    private(set) var violations: [(kind: Violation, call: Int, trip: Int)] = []
    private(set) var violationCount = 0
    private(set) var probeViolations = CallNumbers()
    private(set) var mostProbes = 0
    /// Silences that came after too few failures.
    private(set) var early: [EarlySilence] = []
    private(set) var earlyMarks = 0
    /// The longest silence after a success: what the caller does by itself.
    private(set) var longestPause = 0.0
    private(set) var longestPauseAfterFailures = 0.0
    private(set) var openings: [(failures: Int, seconds: Double)] = []
    /// Trips with a single call so soon after them that it may have been on its way.
    private(set) var narrow = 0
    private(set) var closings = 0
    private(set) var probeFailures = 0
    private(set) var track = BreakerTrack()

    private var rate = CallRate()
    private var flights: [Int: Flight] = [:]
    private var period = 0
    private var counter: FailureCounter
    /// What was counted before a trip that the client may not have had.
    private var unsure: FailureCounter?
    private var admitted = 0
    private var probesInFlight = 0
    private var probeSuccesses = 0
    private var mostInFlight = 0
    private var lastArrival: Instant?
    private var lastSuccess: Instant?
    private var lastFailure: Instant?
    private var lastEndFailed = false

    static let most = 200

    init(_ policy: BreakerPolicy) {
        self.policy = policy
        counter = FailureCounter(policy)
    }

    var meanGap: Double? { rate.mean }

    /// One call after the other, without much between.
    private var isSequential: Bool {
        mostInFlight == 1 && rate.count >= 3 && rate.mean.map { $0 < policy.grace } == true
    }

    mutating func arrived(_ call: Int, at now: Instant) {
        noteOpening(now)
        var role = Role.ordinary
        switch state {
        case .closed: arrivedClosed(call, now)
        case .open: role = arrivedOpen(call, now)
        case .halfOpen: role = arrivedHalfOpen(call)
        }
        track.arrived(call, at: now)
        if role == .probe { probesInFlight += 1 }
        flights[call] = Flight(arrived: now, period: period, role: role)
        mostInFlight = max(mostInFlight, flights.count)
        lastArrival = now
    }

    /// A long silence after failures, whatever the declared breaker makes of them: what a breaker looks like.
    private mutating func noteOpening(_ now: Instant) {
        guard let last = lastArrival, track.run > 0 else { return }
        let gap = now.seconds(after: last)
        longestPauseAfterFailures = max(longestPauseAfterFailures, gap)
        guard let mean = rate.mean, openings.count < Self.most, gap > 4 * mean, rate.chance(ofSilence: gap) < 0.01
        else { return }
        openings.append((track.run, now.seconds(after: lastFailure ?? last)))
    }

    private mutating func arrivedClosed(_ call: Int, _ now: Instant) {
        guard let last = lastArrival else { return }
        let gap = now.seconds(after: last)
        if !lastEndFailed { longestPause = max(longestPause, gap) }
        if lastEndFailed, gap > 3 * (rate.mean ?? .infinity), rate.count >= 3 {
            let chance = rate.chance(ofSilence: gap)
            if chance >= 0.002 {
                rate.add(gap)
                return
            }
            if counter.possible > 0, !counter.mayHaveTripped, early.count < Self.most {
                early.append(
                    EarlySilence(
                        failures: counter.possible, seen: counter.seen, seconds: gap, chance: chance, call: call))
                return
            } else if counter.mayHaveTripped {
                return
            }
        }
        rate.add(gap)
    }

    private mutating func arrivedOpen(_ call: Int, _ now: Instant) -> Role {
        let place = trips.count - 1
        let since = now.seconds(after: trips[place].at)
        let isOnItsWay = !flights.isEmpty || !isSequential
        if since <= policy.grace, isOnItsWay { return .ordinary }
        let isFirst = trips[place].silence == nil
        if isFirst { noteSilence(since, place) }
        if now < trips[place].until.adding(seconds: -policy.tolerance * policy.openFor) {
            if let before = unsure {
                // The client may not have counted that far: it goes on as if nothing had happened.
                trips[place].isDisputed = true
                counter = before
                become(.closed, at: now)
                return .ordinary
            }
            violate(since, call, place, isCertain: !isOnItsWay)
            return .violator
        }
        trips[place].isFollowed = true
        noteLateness(now.seconds(after: trips[place].until), place)
        become(.halfOpen, at: now)
        (admitted, probesInFlight, probeSuccesses) = (1, 0, 0)
        mostProbes = max(mostProbes, 1)
        return .probe
    }

    private mutating func noteSilence(_ seconds: Double, _ place: Int) {
        trips[place].silence = seconds
        let open = min(seconds, policy.openFor)
        trips[place].idleChance = rate.chance(ofSilence: open)
    }

    private mutating func noteLateness(_ seconds: Double, _ place: Int) {
        guard seconds > policy.tolerance * policy.openFor + policy.grace, trips[place].violations.count == 0 else {
            return
        }
        trips[place].lateness = seconds
        trips[place].lateChance = rate.chance(ofSilence: seconds)
    }

    private mutating func violate(_ since: Double, _ call: Int, _ place: Int, isCertain: Bool) {
        if trips[place].firstViolation == nil { trips[place].firstViolation = since }
        trips[place].violations.add(call)
        // One call just after the trip may have been on its way; several were not.
        if since <= policy.slack, trips[place].violations.count == 1, !isCertain { narrow += 1 }
        guard since > policy.slack || isCertain || trips[place].violations.count >= 3 || narrow >= 3 else { return }
        violationCount += 1
        guard violations.count < Self.most else { return }
        let isShort = trips[place].violations.count == 1 && rate.chance(ofSilence: since) < 0.01
        violations.append((isShort ? .short : trips[place].isAgain ? .again : .open, call, place))
    }

    private mutating func arrivedHalfOpen(_ call: Int) -> Role {
        admitted += 1
        mostProbes = max(mostProbes, admitted)
        if let probes = policy.probes, admitted > max(probes, policy.closesAfter) || probesInFlight >= probes {
            probeViolations.add(call)
            violationCount += 1
            if violations.count < Self.most { violations.append((.probes, call, trips.count - 1)) }
        }
        return .probe
    }

    /// `isFailure` nil: neither, as a refusal.
    mutating func ended(_ call: Int, at now: Instant, isFailure: Bool?) {
        guard let flight = flights.removeValue(forKey: call) else { return }
        track.ended(call, isFailure: isFailure)
        if flight.role == .probe, flight.period == period { probesInFlight -= 1 }
        defer { if isFailure != nil { lastEndFailed = isFailure == true } }
        switch (state, flight.role) {
        case (_, .violator): break
        case (.halfOpen, .probe) where flight.period == period: probeEnded(call, now, isFailure)
        case (.closed, _): endedClosed(call, now, flight, isFailure)
        case (.open, _): endedOpen(now, isFailure)
        case (.halfOpen, _): break
        }
        if isFailure == false { lastSuccess = now }
        if isFailure == true { lastFailure = now }
    }

    private mutating func endedClosed(_ call: Int, _ now: Instant, _ flight: Flight, _ isFailure: Bool?) {
        switch isFailure {
        case nil: counter.neither()
        case false: counter.succeeded(at: now, arrived: flight.arrived)
        case true:
            let isOverlapped =
                lastSuccess.map {
                    flight.arrived < $0 && now.seconds(after: $0) <= policy.grace
                } ?? false
            // What the client gave up may be in flight here, which matters to a share alone.
            let hidden = policy.isShare ? flights.count { now.seconds(after: $0.value.arrived) > policy.grace } : 0
            counter.failed(
                at: now, isCertain: !isOverlapped && flight.period == period, inFlight: flights.count, hidden: hidden)
            guard counter.hasTripped else { return }
            let before = counter
            trip(call, now, isAgain: false)
            unsure = before.hasSurelyTripped ? nil : before
        }
    }

    private mutating func endedOpen(_ now: Instant, _ isFailure: Bool?) {
        let place = trips.count - 1
        switch isFailure {
        case true:
            if policy.openFrom == .lastFailure { trips[place].until = now.adding(seconds: policy.openFor) }
        case false:
            trips[place].isDisputed = true
            counter.reset(mayHaveTripped: true)
            become(.closed, at: now)
        case nil: break
        }
    }

    private mutating func probeEnded(_ call: Int, _ now: Instant, _ isFailure: Bool?) {
        switch isFailure {
        case true:
            probeFailures += 1
            trip(call, now, isAgain: true)
        case false:
            probeSuccesses += 1
            guard probeSuccesses >= policy.closesAfter else { return }
            closings += 1
            counter.closed(by: admitted)
            become(.closed, at: now)
        case nil:
            counter.reset(mayHaveTripped: true)
            become(.closed, at: now)
        }
    }

    private mutating func trip(_ call: Int, _ now: Instant, isAgain: Bool) {
        trips.append(Trip(at: now, until: now.adding(seconds: policy.openFor), call: call, isAgain: isAgain))
        counter.reset(mayHaveTripped: false)
        unsure = nil
        become(.open, at: now)
    }

    private mutating func become(_ next: State, at now: Instant) {
        state = next
        period += 1
        track.become(next, at: now)
    }

    /// The caller wanted to call.
    mutating func marked(at now: Instant) {
        switch state {
        case .closed: if !counter.mayHaveTripped { earlyMarks += 1 }
        case .open:
            let place = trips.count - 1
            let isLate = now > trips[place].until.adding(seconds: policy.tolerance * policy.openFor + policy.grace)
            if isLate { trips[place].isMarkedLate = true } else { trips[place].isMarked = true }
        case .halfOpen: break
        }
    }

    /// The silence that lasts to the end.
    mutating func finish(at end: Instant) {
        track.finish(at: end)
        guard state == .open, let place = trips.indices.last, trips[place].silence == nil else { return }
        noteSilence(end.seconds(after: trips[place].at), place)
    }
}
