import Testing

@testable import Verdicts

@Suite("Delay laws") struct DelayLawTests {
    private func law(_ word: String, _ failure: Int, _ change: (inout BackoffPolicy.Occasion) -> Void = { _ in }) throws
        -> DelayLaw
    {
        var policy = try #require(BackoffPolicy.entry(word)).policy
        if policy.factorIsBase { policy.setLibraryFactor(0.5) }
        var occasion = BackoffPolicy.Occasion(failure: failure)
        change(&occasion)
        return policy.law(occasion)
    }

    private func ends(_ word: String, _ failure: Int, _ change: (inout BackoffPolicy.Occasion) -> Void = { _ in })
        throws
        -> [Double]
    {
        let law = try law(word, failure, change)
        return [law.low, law.high]
    }

    @Test("each policy waits between the bounds of its formula")
    func formulas() throws {
        #expect(try ends("none", 3) == [0, 0])
        #expect(try ends("constant", 7) == [1, 1])
        #expect(try ends("linear", 3) == [3, 3])
        #expect(try ends("exponential", 4) == [8, 8])
        #expect(try ends("full-jitter", 3) == [0, 4])
        #expect(try ends("equal-jitter", 3) == [2, 4])
        #expect(try ends("decorrelated", 1) == [1, 3])
        #expect(try ends("decorrelated", 2) { $0.before = 2.5 } == [1, 7.5])
        #expect(try ends("additive-jitter", 3) == [4, 5])
        #expect(try ends("botocore-legacy", 5) == [0, 16])
        #expect(try ends("botocore-standard", 6) == [0, 20])
        #expect(try ends("botocore-standard-2026", 2) == [0, 0.1])
        #expect(try ends("botocore-standard-2026", 2) { $0.isThrottled = true } == [0, 2])
        #expect(try ends("aws-js", 2) { $0.isThrottled = true } == [0, 1])
        #expect(try ends("stamina", 7) == [5, 5])
        #expect(try ends("tenacity-exponential-jitter", 2) == [2, 3])
        #expect(try ends("urllib3", 1) == [0, 0])
        #expect(try ends("urllib3", 3) == [2, 2])
        #expect(try ends("httpx-retries", 1) == [0, 1])
    }

    @Test("max(t, min(hint, t + 5)), whatever lies where")
    func awsHints() throws {
        let hinted = try law("botocore-standard-2026", 2) { $0.amzRetryAfter = 1.5 }
        #expect(hinted.parts == [.init(low: 1.5, high: 1.5, weight: 1)])
        let far = try law("botocore-standard-2026", 2) { $0.amzRetryAfter = 30 }
        #expect([far.low, far.high] == [5, 5.1])
        let within = DelayLaw.uniform(0, 10).following(hint: 7, most: 5)
        #expect(within.parts.map(\.low) == [5, 7, 7] && within.parts.map(\.high) == [7, 7, 10])
        #expect(abs(within.parts[0].weight - 0.2) < 1e-12 && abs(within.parts[1].weight - 0.5) < 1e-12)
    }

    @Test("urllib3 and httpx-retries wait the hint and nothing else, up to their bounds")
    func otherHints() throws {
        #expect(try ends("urllib3", 2) { $0.retryAfter = 90_000 } == [21_600, 21_600])
        #expect(try ends("httpx-retries", 2) { $0.retryAfter = 500 } == [120, 120])
        #expect(try ends("aws-js", 1) { $0.retryAfter = 2 } == [2, 2])
        #expect(try ends("full-jitter", 1) { $0.retryAfter = 2 } == [0, 1])
    }

    @Test("shares and caps of a mixture")
    func mixture() {
        let law = DelayLaw.uniform(0, 4).capped(at: 3)
        #expect(law.share(upTo: 1.5) == 0.375 && law.share(upTo: 3) == 1 && law.share(upTo: 2.999) < 0.75)
        #expect(law.mean == 1.875)
    }

    @Test("every word and synonym is a policy, once")
    func words() {
        #expect(Set(BackoffPolicy.words).count == BackoffPolicy.words.count)
        #expect(BackoffPolicy.entry("aws-standard")?.policy.word == "botocore-standard")
        #expect(BackoffPolicy.entry("aws-legacy")?.policy.attempts == 1...5)
        #expect(BackoffPolicy.entry("fibonacci") == nil)
    }
}
