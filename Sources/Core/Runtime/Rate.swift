import Bytes
import Time

/// So many in a time: `25/s`, `100/m`, `1/10s`. Kept by a token bucket, as the moment at which the next call would be due
/// if all came evenly (the "generic cell rate algorithm", ITU-T I.371): one number an agent.
package struct Rate: Equatable, Sendable {
    package let text: String
    /// Nanoseconds between calls that come evenly.
    package let interval: Int64
    /// The calls of one period.
    package let count: Int

    /// The longest period, a year.
    private static let longest = Duration.seconds(31_536_000)

    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let count = ASCII.decimal(parts[0]), count > 0 else { return nil }
        let unit = String(parts[1]) ?? ""
        guard let period = Duration(text: unit) ?? Duration(text: "1\(unit)"), period > .zero, period <= Self.longest
        else { return nil }
        self.text = text
        interval = max(1, period.nanoseconds / Int64(count))
        self.count = min(count, 1_000_000_000)
    }

    /// How far ahead of their even moments calls may come, so that `burst` of them may come at once; nil when that is
    /// more than a year's.
    package func tolerance(burst: Int) -> Int64? {
        let (tolerance, overflow) = interval.multipliedReportingOverflow(by: Int64(burst - 1))
        return overflow || tolerance > Self.longest.nanoseconds ? nil : tolerance
    }

    /// Whether a call may come `now`. `nextDue` is what is remembered from call to call, `Int64.min` at first.
    package func admits(_ now: Int64, tolerance: Int64, _ nextDue: inout Int64) -> Bool {
        let horizon = now.addingReportingOverflow(tolerance &+ interval)
        // A clock that was set back would otherwise refuse until it is where it was.
        if !horizon.overflow, nextDue > horizon.partialValue { nextDue = now }
        let due = max(nextDue, now)
        if due - now > tolerance { return false }
        nextDue = due.addingReportingOverflow(interval).overflow ? .max : due + interval
        return true
    }
}

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

/// How long a refused caller is asked to wait, in the fields that clients read: most read `Retry-After`; botocore since
/// 1.44 and most AWS SDKs read `x-amz-retry-after`, in milliseconds, and not the other. Refusals of access never carry
/// them, as some clients retry whatever does.
package struct RetryHint: Equatable, Sendable {
    package let fields: [(name: String, value: String)]

    package init(after duration: Duration) {
        // RFC 9110 10.2.3: "delay-seconds = 1*DIGIT". A duration is rounded up to them.
        let seconds = duration.nanoseconds / 1_000_000_000 + (duration.nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
        fields = [
            ("Retry-After", String(seconds)), ("x-amz-retry-after", String(duration.nanoseconds / 1_000_000)),
        ]
    }

    package static func == (left: RetryHint, right: RetryHint) -> Bool {
        left.fields.map(\.value) == right.fields.map(\.value)
    }
}
