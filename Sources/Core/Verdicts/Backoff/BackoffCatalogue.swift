/// The policies by their words: contract section 7. Those of libraries stand as they are shipped.
extension BackoffPolicy {
    /// What a declaration may say of a policy, where it leaves it open.
    package struct Openings: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let base = Openings(rawValue: 1)
        package static let factor = Openings(rawValue: 2)
        package static let cap = Openings(rawValue: 4)
        package static let jitter = Openings(rawValue: 8)
        package static let hints = Openings(rawValue: 16)
    }

    package struct Entry: Sendable {
        package var policy: BackoffPolicy
        package var openings: Openings
        /// Other words for the same.
        package var synonyms: [String]
        /// As a library ships it.
        var isLibrary: Bool {
            !["none", "constant", "linear", "exponential"].contains(policy.word) && !policy.word.hasSuffix("-jitter")
                && policy.word != "decorrelated"
        }

        init(
            _ word: String, _ form: Form, _ openings: Openings = [], synonyms: [String] = [],
            _ settle: (inout BackoffPolicy) -> Void = { _ in }
        ) {
            policy = BackoffPolicy(word, form)
            settle(&policy)
            self.openings = openings
            self.synonyms = synonyms
        }
    }

    package static let entries: [Entry] = [
        Entry("none", .none, .hints),
        Entry("constant", .exponential, [.base, .hints]) { $0.factor = 1 },
        Entry("linear", .linear, [.base, .cap, .hints]),
        Entry("exponential", .exponential, [.base, .factor, .cap, .hints]),
        Entry("full-jitter", .full, [.base, .factor, .cap, .hints]),
        Entry("equal-jitter", .equal, [.base, .factor, .cap, .hints]),
        Entry("decorrelated", .decorrelated, [.base, .cap, .hints]),
        Entry("additive-jitter", .additive, [.base, .factor, .cap, .jitter, .hints]),
        // 5 attempts, U(0,1)·2^(n−1), no cap.
        Entry("botocore-legacy", .full, synonyms: ["aws-legacy"]) { $0.attempts = 1...5 },
        // 3 attempts, U(0,1)·min(2^(n−1), 20).
        Entry("botocore-standard", .full, synonyms: ["aws-standard"]) { ($0.cap, $0.attempts) = (20, 1...3) },
        // t = U(0,1)·min(base·2^(n−1), 20), base 0.05 s, 1 s when throttled; max(t, min(x-amz-retry-after, t + 5)).
        Entry("botocore-standard-2026", .full) {
            ($0.base, $0.throttledBase, $0.cap, $0.attempts) = (0.05, 1, 20, 1...3)
            ($0.hints, $0.hintRule) = (.amz, .within5)
        },
        // The same with base 0.1 s, 0.5 s when throttled, and either hint.
        Entry("aws-js", .full) {
            ($0.base, $0.throttledBase, $0.cap, $0.attempts) = (0.1, 0.5, 20, 1...3)
            ($0.hints, $0.hintRule) = (.both, .within5)
        },
        // 10 attempts, min(5, 0.1·2^(n−1) + U(0,1)).
        Entry("stamina", .additive, [.base, .factor, .cap, .jitter]) {
            ($0.base, $0.cap, $0.jitter, $0.attempts) = (0.1, 5, 1, 1...10)
        },
        // wait_exponential_jitter(initial=1, max, exp_base=2, jitter=1): min(max, i·2^(n−1) + U(0,1)).
        Entry("tenacity-exponential-jitter", .additive, [.base, .factor, .cap, .jitter]),
        // 0 first, then factor·2^(n−1) + U(0, backoff_jitter), cap 120; Retry-After instead, up to 21,600 s.
        Entry("urllib3", .firstAtOnce, [.base, .factor, .cap, .jitter, .hints]) {
            ($0.base, $0.cap, $0.jitter) = (0, 120, 0)
            ($0.hints, $0.hintRule, $0.attempts) = (.retryAfter, .instead(upTo: 21_600), 1...11)
        },
        // factor·2^n·U(1 − jitter, 1), cap 120; Retry-After instead, up to 120 s. Here base is factor·2.
        Entry("httpx-retries", .share, [.base, .factor, .cap, .jitter, .hints]) {
            ($0.base, $0.cap, $0.jitter) = (0, 120, 1)
            ($0.hints, $0.hintRule, $0.attempts) = (.retryAfter, .instead(upTo: 120), 1...11)
        },
    ]

    package static func entry(_ word: String) -> Entry? {
        entries.first { $0.policy.word == word || $0.synonyms.contains(word) }
    }

    package static var words: [String] { entries.flatMap { [$0.policy.word] + $0.synonyms } }

    /// Libraries whose `factor` is what others call the base: seconds, and the growth is 2.
    var factorIsBase: Bool { word == "urllib3" || word == "httpx-retries" }

    /// What such a factor makes the base: `httpx-retries` begins with twice of it.
    mutating func setLibraryFactor(_ factor: Double) { base = word == "httpx-retries" ? 2 * factor : factor }

    /// What a user agent says about the policy to expect.
    package static func expected(of userAgent: String) -> BackoffPolicy? {
        func entry(_ word: String) -> BackoffPolicy? { Self.entry(word)?.policy }
        if has(userAgent, "aws-sdk-js/") { return entry("aws-js") }
        if has(userAgent, "cfg/retry-mode#legacy") { return entry("botocore-legacy") }
        guard has(userAgent, "cfg/retry-mode#standard"), let version = botocore(userAgent) else { return nil }
        return entry(version >= (1, 44) ? "botocore-standard-2026" : "botocore-standard")
    }

    /// Standard retries behind a rate limiter of the client's.
    static func isAdaptive(_ userAgent: String) -> Bool { has(userAgent, "cfg/retry-mode#adaptive") }

    /// Its word; where the other one has the same, with what differs.
    package func title(beside other: BackoffPolicy) -> String {
        guard word == other.word else { return word }
        func length(_ seconds: Double) -> String { seconds.isFinite ? Figure.time(seconds) : "none" }
        var parts: [String] = []
        if base != other.base {
            let factor = word == "httpx-retries" ? base / 2 : base
            parts.append(factorIsBase ? "factor \(Figure.decimal(factor, digits: 3))" : "base \(length(base))")
        }
        if factor != other.factor { parts.append("growth \(Figure.decimal(factor, digits: 3))") }
        if cap != other.cap { parts.append("cap \(length(cap))") }
        if jitter != other.jitter {
            parts.append("jitter \(form == .share ? Figure.decimal(jitter, digits: 3) : length(jitter))")
        }
        if hints != other.hints { parts.append("hints \(hints.rawValue)") }
        return parts.isEmpty ? word : "\(word) with \(parts.joined(separator: ", "))"
    }

    /// `Botocore/1.44.8` or `md/Botocore#1.44.8`.
    private static func botocore(_ userAgent: String) -> (Int, Int)? {
        for word in userAgent.split(separator: " ") {
            for name in ["Botocore/", "botocore/", "md/Botocore#"] where word.hasPrefix(name) {
                let numbers = word.dropFirst(name.utf8.count).split(separator: ".").prefix(2).compactMap { Int($0) }
                if numbers.count == 2 { return (numbers[0], numbers[1]) }
            }
        }
        return nil
    }

    private static func has(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard text.count >= part.count else { return false }
        return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}
