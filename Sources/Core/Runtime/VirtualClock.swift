import Time

/// The server's idea of now: real time, moved or stood still. Token expiry, session limits and fault windows live by it;
/// pacing and latency stay in real time, and so does the age of signatures unless it is asked for: whoever signs, on
/// this machine or another, does not know that this clock was moved.
package struct VirtualClock: Equatable, Sendable {
    /// What is added to real time while the clock runs.
    private var offset: Duration = .zero
    /// Where it stands; nil while it runs.
    private var standsAt: Instant?

    /// Whether the age of signatures is judged by it too.
    package var movesSignatures = false

    package init() {}

    /// It says something else than real time.
    package var isMoved: Bool { standsAt != nil || offset != .zero }

    package var isFrozen: Bool { standsAt != nil }

    package func now(_ real: Instant) -> Instant {
        standsAt ?? Self.bounded(Self.sum(real.nanoseconds, offset.nanoseconds))
    }

    /// What the age of a signature is judged by.
    package func signatureTime(_ real: Instant) -> Instant { movesSignatures ? now(real) : real }

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
