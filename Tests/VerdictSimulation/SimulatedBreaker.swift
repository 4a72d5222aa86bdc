/// A circuit breaker as a client has it: asked before a call, told of its outcome, with times of the client.
package protocol SimulatedBreaker {
    mutating func allows(_ now: Double) -> Bool
    mutating func succeeded(_ now: Double)
    mutating func failed(_ now: Double)
    /// Only one call at a time, as of a library that holds a lock while it calls.
    var isSerial: Bool { get }
}

extension SimulatedBreaker {
    package var isSerial: Bool { false }
}

/// No breaker at all.
package struct NoBreaker: SimulatedBreaker {
    package mutating func allows(_ now: Double) -> Bool { true }
    package mutating func succeeded(_ now: Double) {}
    package mutating func failed(_ now: Double) {}
}

/// Counts failures in a row, is open from the trip or from the last failure, and half-open lets some or all through. The
/// broken ones are this with other numbers, or without half-open.
package struct CountingBreaker: SimulatedBreaker {
    package var threshold = 5
    package var openFor = 30.0
    /// Nil: everybody.
    package var probes: Int? = 1
    package var closesAfter = 1
    package var countsFromLastFailure = false
    package var hasHalfOpen = true
    package var isSerial = false

    private enum State { case closed, open, halfOpen }
    private var state = State.closed
    private var failures = 0
    private var openedAt = 0.0
    private var admitted = 0
    private var successes = 0

    package init(_ change: (inout CountingBreaker) -> Void = { _ in }) { change(&self) }

    package mutating func allows(_ now: Double) -> Bool {
        if state == .open, now - openedAt >= openFor {
            (admitted, successes) = (0, 0)
            state = hasHalfOpen ? .halfOpen : .closed
            if !hasHalfOpen { failures = 0 }
        }
        switch state {
        case .closed: return true
        case .open: return false
        case .halfOpen:
            guard admitted < probes ?? .max else { return false }
            admitted += 1
            return true
        }
    }

    package mutating func succeeded(_ now: Double) {
        guard state != .open else { return }
        failures = 0
        successes += 1
        if state == .halfOpen, successes >= closesAfter { state = .closed }
    }

    package mutating func failed(_ now: Double) {
        switch state {
        case .open: if countsFromLastFailure { openedAt = now }
        case .halfOpen: open(now)
        case .closed:
            failures += 1
            if failures >= threshold { open(now) }
        }
    }

    private mutating func open(_ now: Double) {
        state = .open
        openedAt = now
        failures = 0
    }
}

/// Opens at a share of failures among the calls of the last seconds.
package struct WindowBreaker: SimulatedBreaker {
    package let window: Double
    package let rate: Double
    package let least: Int
    package let openFor: Double
    private var outcomes: [(at: Double, failed: Bool)] = []
    private var openedAt: Double?
    private var isProbing = false

    package init(window: Double, rate: Double, least: Int, openFor: Double) {
        (self.window, self.rate, self.least, self.openFor) = (window, rate, least, openFor)
    }

    package mutating func allows(_ now: Double) -> Bool {
        guard let openedAt else { return true }
        guard !isProbing, now - openedAt >= openFor else { return false }
        isProbing = true
        return true
    }

    package mutating func succeeded(_ now: Double) {
        if isProbing { (openedAt, isProbing, outcomes) = (nil, false, []) }
        if openedAt == nil { outcomes.append((now, false)) }
    }

    package mutating func failed(_ now: Double) {
        if isProbing { (openedAt, isProbing) = (now, false) }
        guard openedAt == nil else { return }
        outcomes.append((now, true))
        outcomes.removeAll { now - $0.at > window }
        let failures = outcomes.filter(\.failed).count
        if outcomes.count >= least, Double(failures) >= rate * Double(outcomes.count) {
            openedAt = now
            outcomes = []
        }
    }
}
