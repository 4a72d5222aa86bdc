/// A moment, in nanoseconds since 1970-01-01T00:00:00Z. Whoever needs the present gets it as an argument.
package struct Instant: Comparable, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    /// Whole seconds, rounded down: the NumericDate of RFC 7519.
    package var seconds: Int64 {
        let towardsZero = nanoseconds / 1_000_000_000
        return nanoseconds % 1_000_000_000 < 0 ? towardsZero - 1 : towardsZero
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    package static func - (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    package static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension Duration {
    package var nanoseconds: Int64 {
        // What a call asks for is mostly no time at all, and 128 bits take long to divide.
        if self == .zero { return 0 }
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
