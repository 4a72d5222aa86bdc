import Time

/// What the service's limits for one agent count: its calls, its new sessions, and the sessions that may be active; and
/// how many sessions had to be waited for.
package struct Usage: Sendable {
    private var callDue = Int64.min
    private var sessionDue = Int64.min
    private var sessions: Set<String> = []
    package private(set) var coldStarts = 0

    package init() {}

    package mutating func noteColdStart() { coldStarts += 1 }

    package mutating func admitsCall(_ rate: Rate, at now: Instant) -> Bool {
        rate.admits(now.nanoseconds, tolerance: rate.tolerance(burst: rate.count) ?? 0, &callDue)
    }

    package mutating func admitsSession(_ rate: Rate, at now: Instant) -> Bool {
        rate.admits(now.nanoseconds, tolerance: rate.tolerance(burst: rate.count) ?? 0, &sessionDue)
    }

    /// Whether one more session may be active beside those that still are, of which there may be `most`.
    package mutating func admitsSession(_ id: String, most: Int, isActive: (String) -> Bool) -> Bool {
        if sessions.count >= most { sessions = sessions.filter(isActive) }
        guard sessions.count < most else { return false }
        sessions.insert(id)
        return true
    }
}
