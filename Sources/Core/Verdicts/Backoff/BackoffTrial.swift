import Mathematics

/// Tries a declared policy against the gaps of a caller.
///
/// Rules:
/// - `fail` only what a correct client shows in less than 0.2 % of runs, at any number of gaps.
/// - `pass` only when every policy that could be told apart has been: a client that follows one of them is passed in at
///   most 2 % of runs.
/// - else `inconclusive`.
///
/// Theory:
/// - *Rivals.* All policies of section 7 with the declared parameters, and the declared one with others. Their average
///   likelihood over that of the declared policy, which is given the latency that serves it best, exceeds 1/α in at most α
///   of runs whatever the number of gaps (Ville's inequality; a universal-inference e-value of Wasserman, Ramdas and
///   Balakrishnan, 2020). The same turned round bounds how often a rival is passed: P(L₀/L₁ ≥ 50) ≤ 1/50.
/// - *Bounds.* Gaps below the shortest or above the longest wait, counted, against the share of strays: binomial, exact.
/// - *Shape.* The distance of the gaps' probabilities from uniform, to either side, against the inequality of Dvoretzky,
///   Kiefer, Wolfowitz and Massart. With the client's latency unknown, each gap counts for the side with the value that is
///   best for the client. This finds what no rival names.
///
/// | test | level |
/// |---|---|
/// | rivals | 0.13 % |
/// | below the bounds, above them | 0.01 % each |
/// | shape, too short and too long | 0.025 % each |
struct BackoffTrial {
    static let rivalLevel = 0.0013
    static let boundLevel = 0.0001
    static let shapeLevel = 0.00025
    /// A rival is excluded when the declared policy is this many times as likely: it is then passed in at most 2 % of runs.
    static let exclusion = 50.0
    /// A rival has to be excluded when so much of the logarithm is to be expected of 20 stories, or of as many as there are.
    static let needed = 11.0
    static let stories = 20.0

    let policy: BackoffPolicy
    let likelihood: GapLikelihood

    struct Rival {
        var policy: BackoffPolicy
        /// ln(L₀/L₁), latency to the advantage of the rival.
        var logarithm: Double
        /// Expected of one story like those that were seen.
        var information: Double
        var isNeeded: Bool
    }

    struct Outcome {
        var below = CallNumbers()
        var above = CallNumbers()
        var isBelow = false
        var isAbove = false
        var tooShort = false
        var tooLong = false
        /// ln of the average of the rivals' likelihoods over the declared policy's.
        var evidenceAgainst = -Double.infinity
        var rivals: [Rival] = []
        var best: Rival? { rivals.min { $0.logarithm < $1.logarithm } }
        var isRefuted: Bool { evidenceAgainst >= -Numbers.naturalLogarithm(rivalLevel) }
        var isRejected: Bool { isBelow || isAbove || tooShort || tooLong || isRefuted }
        /// Rivals that should have been excluded and are not.
        var standing: [Rival] {
            rivals.filter { $0.isNeeded && $0.logarithm < Numbers.naturalLogarithm(exclusion) }
        }
    }

    init(_ policy: BackoffPolicy, strays: Double, latency: Double) {
        self.policy = policy
        likelihood = GapLikelihood(strays: strays, latency: latency)
    }

    /// `sample` is fair to what was seen in `stories` stories.
    func outcome(_ sample: BackoffSample, stories: Int) -> Outcome {
        var outcome = Outcome()
        let laws = sample.laws(of: policy)
        bounds(sample.gaps, laws, &outcome)
        shape(sample.gaps, laws, &outcome)
        rivals(sample, stories: stories, &outcome)
        return outcome
    }

    private func bounds(_ gaps: [BackoffGap], _ laws: [DelayLaw], _ outcome: inout Outcome) {
        for (gap, law) in zip(gaps, laws) {
            if GapLikelihood.isBelow(law, gap.seconds) { outcome.below.add(gap.call) }
            if likelihood.isAbove(law, gap.seconds) { outcome.above.add(gap.call) }
        }
        func isTooMany(_ count: Int) -> Bool {
            Tails.binomial(atLeast: count, of: gaps.count, chance: likelihood.strays) < Self.boundLevel
        }
        outcome.isBelow = isTooMany(outcome.below.count)
        outcome.isAbove = isTooMany(outcome.above.count)
    }

    private func shape(_ gaps: [BackoffGap], _ laws: [DelayLaw], _ outcome: inout Outcome) {
        let upper = zip(laws, gaps).map { $0.share(upTo: $1.seconds + GapLikelihood.early) }.sorted()
        let lower = zip(laws, gaps).map { $0.share(upTo: $1.seconds - likelihood.latency) }.sorted()
        let count = Double(gaps.count)
        var (short, long) = (0.0, 0.0)
        for place in gaps.indices {
            short = max(short, Double(place + 1) / count - upper[place])
            long = max(long, lower[place] - Double(place) / count)
        }
        let most = Tails.empiricalDistance(count: gaps.count, level: Self.shapeLevel) + likelihood.strays
        outcome.tooShort = short > most
        outcome.tooLong = long > most
    }

    private func rivals(_ sample: BackoffSample, stories: Int, _ outcome: inout Outcome) {
        guard !sample.gaps.isEmpty else { return }
        let own = likelihood.course(policy, sample)
        var against: [(policy: BackoffPolicy, logarithm: Double)] = []
        let occasions = occasions(sample)
        let perStory = Double(sample.count) / Double(max(1, stories))
        for rival in policy.rivals {
            let theirs = likelihood.comparison(own, rival, sample)
            against.append((rival, theirs.against))
            let information = information(rival, occasions) * perStory
            outcome.rivals.append(
                Rival(
                    policy: rival, logarithm: theirs.inFavour, information: information,
                    isNeeded: information * max(Self.stories, Double(stories)) >= Self.needed))
        }
        outcome.evidenceAgainst = evidence(against)
    }

    /// The average of the likelihood ratios. Half of the weight is with the libraries' policies: somebody follows one of
    /// them more often than he doubles a base. Where an AWS SDK's is declared, half is with the other SDKs: they take turns
    /// in one program, and their waits are the most alike.
    private func evidence(_ against: [(policy: BackoffPolicy, logarithm: Double)]) -> Double {
        let libraries = Set(BackoffPolicy.entries.filter(\.isLibrary).map(\.policy.word))
        let isSDK = policy.isOfAnSDK
        func average(_ isIncluded: (BackoffPolicy) -> Bool) -> Double {
            GapLikelihood.logarithmOfAverage(against.filter { isIncluded($0.policy) }.map(\.logarithm))
        }
        let others = [
            average { libraries.contains($0.word) && !(isSDK && $0.isOfAnSDK) },
            average { !libraries.contains($0.word) },
        ]
        guard isSDK else { return GapLikelihood.logarithmOfAverage(others) }
        let sdks = average { $0.isOfAnSDK && libraries.contains($0.word) }
        return GapLikelihood.logarithmOfAverage(others + [sdks, sdks])
    }

    /// Of one gap, averaged over the occasions that there were.
    private func information(_ rival: BackoffPolicy, _ occasions: [(BackoffPolicy.Occasion, Double)]) -> Double {
        var sums = [Double](repeating: 0, count: likelihood.scales.count)
        for (occasion, share) in occasions {
            for (place, value) in likelihood.information(policy, rival, occasion).enumerated() {
                sums[place] += share * value
            }
        }
        return max(0, sums.min() ?? 0)
    }

    /// The first occasions of the gaps and their shares; a wait before is what the policy makes it on average.
    private func occasions(_ sample: BackoffSample) -> [(BackoffPolicy.Occasion, Double)] {
        sample.occasions.prefix(16).map { counted in
            var occasion = counted.occasion
            for failure in 1..<max(1, min(occasion.failure, 12)) {
                var earlier = BackoffPolicy.Occasion(failure: failure)
                earlier.isThrottled = occasion.isThrottled
                earlier.before = occasion.before
                occasion.before = policy.law(earlier).mean
            }
            return (occasion, Double(counted.count) / Double(sample.gaps.count))
        }
    }
}

extension BackoffPolicy {
    fileprivate var isOfAnSDK: Bool { word.hasPrefix("botocore-") || word.hasPrefix("aws-") }

    /// What a client might do in place of this.
    var rivals: [BackoffPolicy] {
        var found: [BackoffPolicy] = []
        let base = form == .none || base == 0 ? 1 : base
        for entry in Self.entries {
            let rival = entry.policy
            found.append(entry.isLibrary ? rival.shipped(base) : rival.taking(self, base))
        }
        if form != .none { found += variants }
        return found.filter { !$0.isSame(as: self) }
    }

    /// The same policy with parameters that somebody got wrong.
    private var variants: [BackoffPolicy] {
        var found: [BackoffPolicy] = []
        func vary(_ note: String, _ change: (inout BackoffPolicy) -> Void) {
            var variant = self
            change(&variant)
            variant.word = "\(word) \(note)"
            found.append(variant)
        }
        func scale(_ factor: Double, _ note: String) {
            vary(note) {
                $0.base *= factor
                $0.throttledBase = $0.throttledBase.map { $0 * factor }
            }
        }
        scale(0.5, "with half of the base")
        scale(2, "with twice the base")
        vary("that does not grow") { $0.factor = 1 }
        vary("that grows faster") { $0.factor *= 2 }
        if cap.isFinite { vary("without its cap") { $0.cap = .infinity } }
        vary("with half of the cap") { $0.cap = min($0.cap, 1e6) / 2 }
        if hints != .none { vary("that ignores hints") { $0.hints = .none } }
        if hints == .none { vary("that obeys hints") { ($0.hints, $0.hintRule) = (.both, .atLeast) } }
        if form == .additive { vary("without its jitter") { $0.jitter = 0 } }
        return found
    }

    /// A policy without a library behind it has the parameters of the declared one.
    private func taking(_ declared: BackoffPolicy, _ base: Double) -> BackoffPolicy {
        var rival = self
        (rival.base, rival.cap) = (base, declared.cap)
        if rival.factor != 1, declared.factor > 1 { rival.factor = declared.factor }
        if declared.form == .additive { rival.jitter = declared.jitter }
        (rival.hints, rival.hintRule) = (declared.hints, declared.hintRule)
        return rival
    }

    /// A library's is what it is; only a base that it has none of is taken over.
    private func shipped(_ base: Double) -> BackoffPolicy {
        var rival = self
        if rival.base == 0 { rival.base = base }
        return rival
    }

    private func isSame(as other: BackoffPolicy) -> Bool {
        var other = other
        (other.word, other.attempts) = (word, attempts)
        return other == self
    }
}
