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
