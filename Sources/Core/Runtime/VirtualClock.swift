import Time

/// The server's idea of now: real time, moved or stood still. Token expiry, signature age, session limits and fault
/// windows live by it; pacing and latency stay in real time.
package struct VirtualClock: Equatable, Sendable {
    /// What is added to real time while the clock runs.
    private var offset: Duration = .zero
    /// Where it stands; nil while it runs.
    private var standsAt: Instant?

    package init() {}

    package var isFrozen: Bool { standsAt != nil }

    package func now(_ real: Instant) -> Instant {
        standsAt ?? Self.bounded(Self.sum(real.nanoseconds, offset.nanoseconds))
    }

    /// Moves it by this much, forwards or back.
    package mutating func advance(by duration: Duration, real: Instant) {
        set(to: Self.bounded(Self.sum(now(real).nanoseconds, duration.nanoseconds)), real: real)
    }

    package mutating func set(to moment: Instant, real: Instant) {
        if standsAt != nil { return standsAt = moment }
        offset = .nanoseconds(Self.sum(moment.nanoseconds, -real.nanoseconds))
    }

    /// Stops it where it is, or lets it run on from there.
    package mutating func freeze(_ isFrozen: Bool, real: Instant) {
        let moment = now(real)
        standsAt = nil
        set(to: moment, real: real)
        standsAt = isFrozen ? moment : nil
    }

    /// What a clock can stand at: the years that timestamps can be written in.
    private static func bounded(_ nanoseconds: Int64) -> Instant {
        Instant(nanoseconds: min(max(nanoseconds, 0), 9_150_000_000_000_000_000))
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right > 0 ? .max : .min) : sum
    }
}
