/// How long a client waits before it tries again: the formulas, n being the number of the failure, from 1, and U(a,b)
/// uniform from a to b.
///
/// | form | wait after failure n |
/// |---|---|
/// | none | 0 |
/// | linear | min(cap, base·n) |
/// | exponential | min(cap, base·factor^(n−1)); constant is a factor of 1 |
/// | exponential, first at once | 0 for n = 1, then the same |
/// | full jitter | U(0, min(cap, base·factor^(n−1))) |
/// | equal jitter | half of the exponential, and U(0, that half) |
/// | decorrelated | min(cap, U(base, 3·the wait before)), the first U(base, 3·base) |
/// | additive jitter | min(cap, base·factor^(n−1) + U(0, jitter)) |
/// | share of jitter | min(cap, base·factor^(n−1)·U(1 − jitter, 1)) |
package struct BackoffPolicy: Equatable, Sendable {
    package enum Form: Equatable, Sendable {
        case none, linear, exponential, firstAtOnce, full, equal, decorrelated, additive, share
    }

    /// Which hints of an answer are obeyed.
    package enum Hints: String, CaseIterable, Sendable {
        case retryAfter = "retry-after"
        case amz = "x-amz-retry-after"
        case both
        case none
    }

    /// What a hint does to the wait.
    package enum HintRule: Equatable, Sendable {
        /// At least the hint; as written "in place of the wait" it is the hint itself.
        case atLeast
        /// The hint and nothing else, up to a bound.
        case instead(upTo: Double)
        /// max(t, min(hint, t + 5)).
        case within5
    }

    package var word: String
    package var form: Form
    package var base = 1.0
    package var factor = 2.0
    package var cap = Double.infinity
    /// Seconds where it is added, a share of the wait where it is a share.
    package var jitter = 1.0
    /// In place of the base after a throttled call.
    package var throttledBase: Double?
    package var hints = Hints.none
    package var hintRule = HintRule.atLeast
    /// Attempts in all, where the policy says so.
    package var attempts: ClosedRange<Int>?

    package init(_ word: String, _ form: Form) {
        self.word = word
        self.form = form
    }

    /// What a wait depends on.
    package struct Occasion: Hashable, Sendable {
        /// The number of the failure.
        package var failure: Int
        package var isThrottled = false
        /// Seconds.
        package var retryAfter: Double?
        package var amzRetryAfter: Double?
        /// The wait before, in seconds.
        package var before: Double?

        package init(failure: Int) { self.failure = failure }
    }

    func law(_ occasion: Occasion) -> DelayLaw {
        let law = lawWithoutHints(occasion)
        guard let hint = hint(occasion) else { return law }
        switch hintRule {
        case .within5: return law.following(hint: hint, most: 5)
        case .instead(let bound): return .certain(min(hint, bound))
        case .atLeast:
            let least = law.raised(to: hint)
            return DelayLaw(
                least.parts.map { .init(low: $0.low, high: $0.high, weight: $0.weight / 2) }
                    + [.init(low: hint, high: hint, weight: 0.5)])
        }
    }

    /// The hint that this policy obeys.
    func hint(_ occasion: Occasion) -> Double? {
        switch hints {
        case .none: nil
        case .retryAfter: occasion.retryAfter
        case .amz: occasion.amzRetryAfter
        case .both: occasion.amzRetryAfter ?? occasion.retryAfter
        }
    }

    private func lawWithoutHints(_ occasion: Occasion) -> DelayLaw {
        let base = occasion.isThrottled ? throttledBase ?? base : base
        let failure = max(1, occasion.failure)
        let grown = base * Self.power(factor, failure - 1)
        switch form {
        case .none: return .certain(0)
        case .linear: return .certain(min(cap, base * Double(failure)))
        case .exponential: return .certain(min(cap, grown))
        case .firstAtOnce:
            if failure == 1 { return .certain(0) }
            return jitter > 0 ? DelayLaw.uniform(grown, grown + jitter).capped(at: cap) : .certain(min(cap, grown))
        case .full: return .uniform(0, min(cap, grown))
        case .equal: return .uniform(min(cap, grown) / 2, min(cap, grown))
        case .decorrelated:
            let before = failure == 1 ? base : max(base, occasion.before ?? base)
            return DelayLaw.uniform(base, 3 * before).capped(at: cap)
        case .additive: return DelayLaw.uniform(grown, grown + jitter).capped(at: cap)
        case .share: return DelayLaw.uniform(grown * (1 - jitter), grown).capped(at: cap)
        }
    }

    /// The wait grows no further than what a number can hold.
    private static func power(_ factor: Double, _ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<min(exponent, 1_100) where power < 1e12 { power *= factor }
        return min(power, 1e12)
    }
}
