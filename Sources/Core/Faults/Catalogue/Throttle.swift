import Bytes
import Runtime
import Scenarios
import Time

/// `throttle`: 429 for what comes faster than a rate. A token bucket, kept as the moment at which the next call would be
/// due if all came evenly (the "generic cell rate algorithm", ITU-T I.371): one number an agent.
struct Throttle: VerdictFault {
    static let word = "throttle"
    private let rate: String
    private let interval: Int64
    /// How far ahead of their even moments calls may come.
    private let tolerance: Int64

    init(_ parameters: inout ParameterReader) {
        rate = parameters.required("rate") { $0.text($1) } ?? ""
        let read = Self.interval(rate)
        if read == nil, !rate.isEmpty || parameters.value("rate")?.text != nil {
            parameters.refuse(
                "rate", "\(Excerpt.of(.string(rate))) is no rate",
                hint: "rates are written \"25/s\", \"100/m\", \"1/10s\"")
        }
        interval = read?.nanoseconds ?? 1
        let burst = parameters.integer("burst", 1...1_000_000_000) ?? read?.count ?? 1
        let (tolerance, overflow) = interval.multipliedReportingOverflow(by: Int64(burst - 1))
        if overflow || tolerance > Distribution.longest {
            parameters.refuse("burst", "at this rate it takes more than a year to refill")
        }
        self.tolerance = overflow ? 0 : tolerance
    }

    var condition: String? { "only over \(rate)" }

    func holds(for occasion: Occasion, _ memory: inout Memory, startsSession: () -> Bool) -> Bool {
        let now = occasion.now.nanoseconds
        // A clock that was set back would otherwise throttle until it is where it was.
        if memory.nextDue > StepList.later(now, StepList.later(tolerance, interval)) { memory.nextDue = now }
        let due = max(memory.nextDue, now)
        if due - now > tolerance { return true }
        memory.nextDue = StepList.later(due, interval)
        return false
    }

    func refusal(to caller: Caller) -> Refusal { Refusal(.throttling, to: caller) }

    /// Nanoseconds between calls, and the calls of one period.
    private static func interval(_ text: String) -> (nanoseconds: Int64, count: Int)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let count = ASCII.decimal(parts[0]), count > 0 else { return nil }
        let unit = String(parts[1]) ?? ""
        guard let period = Duration(text: unit) ?? Duration(text: "1\(unit)"), period > .zero,
            period.nanoseconds <= Distribution.longest
        else { return nil }
        return (max(1, period.nanoseconds / Int64(count)), min(count, 1_000_000_000))
    }
}

extension FaultKind {
    static let throttle = FaultKind(Throttle.self)
}
