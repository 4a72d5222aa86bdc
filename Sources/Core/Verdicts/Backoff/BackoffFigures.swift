import JSON
import Mathematics

/// What was gathered of one caller, and the ruling that follows.
struct BackoffFigures {
    let sample: BackoffSample
    let stories: Int
    let longest: Int
    let grouping: [Invocations.Grouping: Int]
    let doubtful: Int
    let leftOut: Int
    var hasOtherUserAgents = false
    var policy: BackoffPolicy?
    var attempts: ClosedRange<Int>?
    var excessive = CallNumbers()
    var early = CallNumbers()
    var spent = 0
    var cuts = BackoffCuts()
    var isAdaptive = false

    /// Stories that failed to their end before their time: a caller may be interrupted, but hardly so often.
    private var gaveUpEarly: Bool { Tails.binomial(atLeast: early.count, of: spent, chance: 0.1) < 0.0002 }

    /// One attempt too many is one too many where the SDK numbers them; a guess may join what was two.
    private var madeTooMany: Bool {
        let guessed = grouping[.guessed, default: 0]
        return Tails.binomial(atLeast: excessive.count, of: max(1, stories), chance: guessed == 0 ? 0.0001 : 0.03)
            < 0.0002
    }

    func ruling(_ trial: BackoffTrial, isExpected: Bool) -> Ruling {
        let outcome = trial.outcome(sample, stories: stories)
        let word = trial.policy.word
        let name = isExpected ? "\(word), which its user agent announces" : word
        let list = figures(trial, outcome)
        if let reason = reason(trial, outcome, name) {
            return Ruling(.fail, reason.text, calls: reason.calls, figures: list)
        }
        let calls = sample.gaps.prefix(CallNumbers.most).map(\.call)
        if sample.count == 0 {
            return Ruling(.inconclusive, "nothing was tried again, so no wait of \(name) was seen", figures: list)
        }
        let seen = "\(sample.count) gaps of \(stories) stories"
        if let standing = outcome.standing.min(by: { $0.logarithm < $1.logarithm }) {
            return Ruling(
                .inconclusive,
                "\(seen) fit \(name), but cannot yet tell it from \(standing.policy.title(beside: trial.policy))",
                calls: calls, figures: list)
        }
        if 2 * leftOut > sample.count {
            return Ruling(
                .inconclusive,
                "\(seen) fit \(name), but \(leftOut) more were left out, as they may belong together otherwise",
                calls: calls, figures: list)
        }
        if cuts.isDoubtful, let most = attempts?.upperBound {
            return Ruling(
                .inconclusive,
                "\(seen) fit \(name), but \(cuts.followers.count) of \(cuts.full) stories of \(most) attempts were followed by the same payload when one more attempt would come: \(cuts.followers.text)",
                calls: cuts.followers.shown, figures: list)
        }
        return Ruling(.pass, "\(seen) wait as \(name) does", calls: calls, figures: list)
    }

    /// Why it is not the policy: the plainest reason first.
    private func reason(
        _ trial: BackoffTrial, _ outcome: BackoffTrial.Outcome, _ name: String
    ) -> (text: String, calls: [Int])? {
        if madeTooMany, let most = attempts?.upperBound {
            return (
                "\(most) attempts were declared and up to \(longest) were made: \(excessive.text) went beyond them",
                excessive.shown
            )
        }
        if gaveUpEarly, let least = attempts?.lowerBound {
            return (
                "\(least) attempts were declared, but \(early.count) of \(spent) stories gave up before: \(early.text)",
                early.shown
            )
        }
        if cuts.areRests, let most = attempts?.upperBound {
            return (
                "\(most) attempts were declared, and more follow as the next waits of \(name) would: \(cuts.rests.text), which no new invocation explains, as it would be tried again",
                cuts.rests.shown
            )
        }
        guard outcome.isRejected else { return nil }
        let best =
            outcome.best.flatMap {
                $0.logarithm < -3 ? "; they fit \($0.policy.title(beside: trial.policy)) better" : nil
            } ?? ""
        if outcome.isBelow {
            return (
                "\(outcome.below.count) of \(gapCount) gaps are shorter than \(name) ever waits\(example(outcome.below, trial))\(best)",
                outcome.below.shown
            )
        }
        if outcome.isAbove {
            return (
                "\(outcome.above.count) of \(gapCount) gaps are longer than \(name) ever waits\(example(outcome.above, trial))\(best)",
                outcome.above.shown
            )
        }
        let calls = sample.gaps.prefix(CallNumbers.most).map(\.call)
        if outcome.isRefuted, let best = outcome.best {
            let times = Figure.scientific(Numbers.exponential(min(700, -best.logarithm)))
            let text = -best.logarithm > 14 ? "far" : "\(times) times"
            let title = best.policy.title(beside: trial.policy)
            return ("\(sample.count) gaps are \(text) more likely under \(title) than under \(name)", calls)
        }
        let side = outcome.tooShort ? "shorter" : "longer"
        return ("taken together, \(sample.count) gaps are \(side) than \(name) makes them\(best)", calls)
    }

    private var gapCount: Int { sample.gaps.count }

    /// `, as call 7 after 0.2 s, where 1 s is the least`.
    private func example(_ numbers: CallNumbers, _ trial: BackoffTrial) -> String {
        guard let gap = sample.gaps.first(where: { $0.call == numbers.shown.first }) else { return "" }
        let law = trial.policy.law(gap.occasion)
        let isShort = gap.seconds < law.low
        let bound = isShort ? "\(Figure.time(law.low)) is the least" : "\(Figure.time(law.high)) is the most"
        let hint = trial.policy.hint(gap.occasion).map { " (the answer asked for \(Figure.time($0)))" } ?? ""
        return ", as call \(gap.call) after \(Figure.time(gap.seconds)), where \(bound)\(hint)"
    }

    /// Without a policy nothing can be wrong; what the gaps look like is told.
    func fitting(_ likelihood: GapLikelihood) -> Ruling {
        let fits = BackoffPolicy.entries.map { entry in
            (entry.policy.word, GapLikelihood.logarithmOfAverage(likelihood.course(entry.policy, sample).last ?? [0]))
        }.sorted { $0.1 > $1.1 }
        var list = common
        list.append(
            .init("fits", .array(fits.prefix(3).map { ["policy": .string($0.0), "logarithm": Figure.number($0.1)] })))
        let best = sample.count > 0 ? "; of the known ones \(fits[0].0) fits best" : ""
        let announced =
            isAdaptive
            ? "the user agent announces adaptive retries, whose rate limiter has no formula"
            : "the user agent announces none"
        return Ruling(
            .inconclusive, "no policy is declared and \(announced)\(best)",
            calls: sample.gaps.prefix(CallNumbers.most).map(\.call), figures: list)
    }

    private var common: [Value.Member] {
        var groups: [Value.Member] = []
        for kind in [Invocations.Grouping.sdk, .named, .guessed] {
            if let count = grouping[kind] { groups.append(.init(kind.rawValue, Value(count))) }
        }
        var list: [Value.Member] = [
            .init("stories", Value(stories)), .init("gaps", Value(sample.count)), .init("attempts", Value(longest)),
            .init("grouping", .object(groups)), .init("doubtful", Value(doubtful)), .init("leftOut", Value(leftOut)),
        ]
        if hasOtherUserAgents { list.append(.init("severalUserAgents", .bool(true))) }
        return list
    }

    private func figures(_ trial: BackoffTrial, _ outcome: BackoffTrial.Outcome) -> [Value.Member] {
        let fits = outcome.rivals.sorted { $0.logarithm < $1.logarithm }.prefix(5)
        let near = outcome.rivals.filter { !$0.isNeeded }
        return [.init("policy", .string(trial.policy.word))] + common + [
            .init("below", Value(outcome.below.count)), .init("above", Value(outcome.above.count)),
            .init("waits", .array(waits(trial.policy))),
            .init(
                "rivals",
                .array(
                    fits.map {
                        ["policy": .string($0.policy.word), "logarithm": Figure.number($0.logarithm)]
                    })),
            .init(
                "notToldApart",
                .array(
                    near.map { rival in
                        let size =
                            rival.information > 1e-6 ? Value(Int(BackoffTrial.needed / rival.information) + 1) : .null
                        return ["policy": .string(rival.policy.word), "stories": size]
                    })),
        ]
    }

    /// For each number of failures: what was seen, and the band of the policy.
    private func waits(_ policy: BackoffPolicy) -> [Value] {
        let groups = Dictionary(grouping: sample.gaps) { $0.occasion.failure }
        return groups.sorted { $0.key < $1.key }.prefix(12).map { failure, gaps in
            let sorted = gaps.map(\.seconds).sorted()
            let laws = gaps.map { policy.law($0.occasion) }
            return [
                "after": Value(failure), "count": Value(gaps.count), "least": Figure.number(sorted.first),
                "median": Figure.number(sorted[sorted.count / 2]), "most": Figure.number(sorted.last),
                "from": Figure.number(laws.reduce(.infinity) { min($0, $1.low) }),
                "to": Figure.number(laws.reduce(0) { max($0, $1.high) }),
            ]
        }
    }
}
