/// A rule that did not answer, and how near it came.
package struct NearMiss: Equatable, Sendable {
    package var rule: String
    /// Conditions that hold, and conditions that do not; the agent and the qualifier count as conditions.
    package var held: Int
    package var failed: Int
    /// The first condition that does not hold, as a sentence's end: `payload $.prompt is "pizza", does not contain …`.
    package var because: String

    package init(rule: String, held: Int, failed: Int, because: String) {
        self.rule = rule
        self.held = held
        self.failed = failed
        self.because = because
    }
}

package enum NearMisses {
    static let most = 3

    /// The nearest first: few failures, then many that hold, then the library's order.
    static func nearest(_ misses: [NearMiss]) -> [NearMiss] {
        let ranked = misses.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.failed != b.failed { return a.failed < b.failed }
            if a.held != b.held { return a.held > b.held }
            return left.offset < right.offset
        }
        return ranked.prefix(most).map(\.element)
    }

    /// The text of the error that answers a call which no rule answers.
    package static func message(_ misses: [NearMiss], for target: Target, libraryHasRules: Bool = true) -> String {
        let start = "No rule answers this call to \(target.agent) (\(target.qualifier))."
        guard !misses.isEmpty else {
            return libraryHasRules ? start : "\(start) The library has no rules."
        }
        let reasons = misses.map { miss in
            "rule \"\(miss.rule)\" (\(miss.held) of \(miss.held + miss.failed) conditions hold): \(miss.because)"
        }
        return "\(start) Nearest: \(reasons.joined(separator: "; "))."
    }
}
