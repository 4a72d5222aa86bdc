import JSON
import Time

/// What `backoff` is asked to judge.
struct BackoffDeclaration: Sendable {
    /// Nil: the one that the user agent says.
    var policy: BackoffPolicy?
    var story: StorySource?
    /// Stated in the expectation itself, where fewer attempts are a mistake too.
    var attempts: ClosedRange<Int>?
    /// What the client and the network need beside the wait, in seconds; seldom more.
    var latency = 0.05
}

/// Gathers the waits of one caller: one gap for each attempt that follows a failed one.
final class BackoffJudge: Judge {
    private let declaration: BackoffDeclaration
    private var invocations: Invocations
    private var sample = BackoffSample()
    private var userAgent: String?
    private var hasOtherUserAgents = false
    private var stories = 0
    private var longest = 0
    private var excessive = CallNumbers()
    private var spent = 0
    private var early = CallNumbers()
    /// Gaps that are not waits of a policy: after a token was refused, or in a story that may be two.
    private var leftOut = 0
    private var cuts = BackoffCuts()

    init(_ declaration: BackoffDeclaration) {
        self.declaration = declaration
        let most = declaration.attempts?.upperBound ?? declaration.policy?.attempts?.upperBound
        invocations = Invocations(source: declaration.story, mostGuessed: most ?? .max)
    }

    func arrived(_ call: borrowing ObservedCall) {
        if userAgent == nil {
            userAgent = call.userAgent
        } else if let other = call.userAgent, other != userAgent {
            hasOtherUserAgents = true
        }
        close(invocations.expire(at: call.arrived.clock))
        let arrival = invocations.arrived(call)
        if arrival.story.grouping == .guessed, !arrival.story.isDoubtful, arrival.story.arrivals == attempts?.upperBound
        {
            cuts.full += 1
        }
        if arrival.isNew {
            noteFollower(call, arrival)
            return
        }
        if arrival.story.arrivals == 2 { stories += 1 }
        longest = max(longest, arrival.story.attempt)
        if let most = attempts?.upperBound, arrival.story.attempt - 1 == most { excessive.add(call.number) }
        guard let after = arrival.after, let gap = arrival.gap else { return }
        guard after.refusal == nil, !after.isAnswered, !arrival.story.isDoubtful else {
            leftOut += 1
            return
        }
        let occasion = occasion(failure: arrival.story.attempt - 1, after, before: arrival.gapBefore)
        sample.add(BackoffGap(occasion: occasion, seconds: gap, call: call.number))
    }

    func ended(_ call: borrowing ObservedCall) {
        guard let (story, isOver) = invocations.ended(call), isOver else { return }
        cuts.answered(story)
    }

    private func occasion(failure: Int, _ after: Invocations.End, before: Double?) -> BackoffPolicy.Occasion {
        var occasion = BackoffPolicy.Occasion(failure: failure)
        occasion.isThrottled = after.isThrottled
        (occasion.retryAfter, occasion.amzRetryAfter) = (after.hints.retryAfter, after.hints.amzRetryAfter)
        occasion.before = before
        return occasion
    }

    private var likelihood: GapLikelihood {
        GapLikelihood(strays: invocations.counts[.guessed, default: 0] == 0 ? 0.01 : 0.03, latency: declaration.latency)
    }

    /// The call comes after a full story when one more attempt of it would.
    private func noteFollower(_ call: borrowing ObservedCall, _ arrival: Invocations.Arrival) {
        guard let full = arrival.full, let end = full.lastEnd, end.refusal == nil, let policy else { return }
        let law = policy.law(occasion(failure: full.attempt, end, before: full.lastGap))
        let gap = call.arrived.clock.seconds(after: end.at)
        if !GapLikelihood.isBelow(law, gap), !likelihood.isAbove(law, gap) { cuts.follow(call.number) }
    }

    /// Nothing came when the policy would have tried again.
    private func isGivenUp(_ story: Invocations.Story, at now: Instant) -> Bool {
        guard let policy, story.inFlight == 0, let end = story.lastEnd, !end.isAnswered else { return false }
        let law = policy.law(occasion(failure: story.attempt, end, before: story.lastGap))
        return likelihood.isAbove(law, now.seconds(after: end.at))
    }

    private var attempts: ClosedRange<Int>? { declaration.attempts ?? policy?.attempts }

    private var policy: BackoffPolicy? {
        declaration.policy ?? userAgent.flatMap(BackoffPolicy.expected(of:))
    }

    /// Stories that failed to their end.
    private func close(_ over: [Invocations.Story]) {
        let least = declaration.attempts?.lowerBound ?? 1
        for story in over where story.lastEnd?.isAnswered == false { cuts.gaveUp(story, least: least) }
        for story in over where story.lastEnd?.isAnswered == false && !story.isDoubtful {
            spent += 1
            if let least = declaration.attempts?.lowerBound, story.attempt < least { early.add(story.lastCall) }
        }
    }

    func ruling(at end: Moment) -> Ruling {
        close(invocations.expire(at: end.clock))
        sample.settle()
        var figures = BackoffFigures(
            sample: sample, stories: stories, longest: longest, grouping: invocations.counts,
            doubtful: invocations.doubtful,
            leftOut: leftOut)
        figures.hasOtherUserAgents = hasOtherUserAgents
        figures.isAdaptive = userAgent.map(BackoffPolicy.isAdaptive) ?? false
        guard let policy else { return figures.fitting(likelihood) }
        figures.policy = policy
        figures.attempts = attempts
        (figures.excessive, figures.early, figures.spent) = (excessive, early, spent)
        figures.cuts = cuts
        let least = declaration.attempts?.lowerBound ?? 1
        for story in invocations.open where isGivenUp(story, at: end.clock) { figures.cuts.gaveUp(story, least: least) }
        return figures.ruling(
            BackoffTrial(policy, strays: likelihood.strays, latency: declaration.latency),
            isExpected: declaration.policy == nil)
    }
}
