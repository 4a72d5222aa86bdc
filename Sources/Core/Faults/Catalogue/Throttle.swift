import Fields
import Rules
import Runtime

/// `throttle`: 429 for what comes faster than a rate.
struct Throttle: VerdictFault {
    static let word = "throttle"
    private let text: String
    private let rate: Rate?
    /// How far ahead of their even moments calls may come.
    private let tolerance: Int64
    private let hint: [HeaderLine]

    init(_ parameters: inout FieldReader) {
        text = parameters.required("rate") { $0.text($1) } ?? ""
        rate = Rate(text)
        if rate == nil, !text.isEmpty || parameters.field("rate")?.text != nil {
            parameters.refuse(
                "rate", "\(Excerpt.of(.string(text))) is no rate",
                hint: "rates are written \"25/s\", \"100/m\", \"1/10s\"")
        }
        let burst = parameters.integer("burst", 1...1_000_000_000) ?? rate?.count ?? 1
        let found = rate?.tolerance(burst: burst)
        if rate != nil, found == nil {
            parameters.refuse("burst", "at this rate it takes more than a year to refill")
        }
        tolerance = found ?? 0
        hint = parameters.retryAfter()
    }

    var condition: String? { "only over \(text)" }

    func holds(for candidate: FaultCandidate, _ memory: inout Memory, startsSession: () -> Bool) -> Bool {
        guard let rate else { return false }
        return !rate.admits(candidate.now.nanoseconds, tolerance: tolerance, &memory.nextDue)
    }

    func refusal(to caller: Caller) -> RefusingAnswer {
        var refusal = RefusingAnswer(.throttling, to: caller)
        refusal.fields = hint
        return refusal
    }
}

extension FaultKind {
    static let throttle = FaultKind(Throttle.self)
}
