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
    private var book: StoryBook
    private var sample = BackoffSample()
    private var userAgent: String?
    private var hasOtherUserAgents = false
    private var stories = 0
    private var longest = 0
    private var excessive = CallNumbers()
    private var excessiveGuessed = 0
    private var spent = 0
    private var early = CallNumbers()
    /// Gaps that are not waits of a policy: after a token was refused, or in a story that may be two.
    private var leftOut = 0

    init(_ declaration: BackoffDeclaration) {
        self.declaration = declaration
        let most = declaration.attempts?.upperBound ?? declaration.policy?.attempts?.upperBound
        book = StoryBook(source: declaration.story, mostGuessed: most ?? .max)
    }

    func arrived(_ call: borrowing ObservedCall) {
        if userAgent == nil {
            userAgent = call.userAgent
        } else if let other = call.userAgent, other != userAgent {
            hasOtherUserAgents = true
        }
        close(book.expire(at: call.arrived.clock))
        let arrival = book.arrived(call)
        if arrival.isNew { return }
        if arrival.story.arrivals == 2 { stories += 1 }
        longest = max(longest, arrival.story.attempt)
        if let most = attempts?.upperBound, arrival.story.attempt == most + 1 { excessive.add(call.number) }
        guard let after = arrival.after, let gap = arrival.gap else { return }
        guard after.refusal == nil, !after.isAnswered, !arrival.story.isDoubtful else {
            leftOut += 1
            return
        }
        var occasion = BackoffPolicy.Occasion(failure: arrival.story.attempt - 1)
        occasion.isThrottled = after.isThrottled
        (occasion.retryAfter, occasion.amzRetryAfter) = (after.hints.retryAfter, after.hints.amzRetryAfter)
        occasion.before = arrival.gapBefore
        sample.add(BackoffGap(occasion: occasion, seconds: gap, call: call.number))
    }

    func ended(_ call: borrowing ObservedCall) { _ = book.ended(call) }

    private var attempts: ClosedRange<Int>? { declaration.attempts ?? policy?.attempts }

    private var policy: BackoffPolicy? {
        declaration.policy ?? userAgent.flatMap(BackoffPolicy.expected(of:))
    }

    /// Stories that failed to their end.
    private func close(_ over: [StoryBook.Story]) {
        for story in over where story.lastEnd?.isAnswered == false && !story.isDoubtful {
            spent += 1
            if let least = declaration.attempts?.lowerBound, story.attempt < least { early.add(story.lastCall) }
        }
    }

    func ruling(at end: Moment) -> Ruling {
        close(book.expire(at: end.clock))
        sample.settle()
        let strays = book.counts[.guessed, default: 0] == 0 ? 0.01 : 0.03
        var figures = BackoffFigures(
            sample: sample, stories: stories, longest: longest, grouping: book.counts, doubtful: book.doubtful,
            leftOut: leftOut)
        figures.hasOtherUserAgents = hasOtherUserAgents
        guard let policy else {
            return figures.fitting(GapLikelihood(strays: strays, latency: declaration.latency))
        }
        figures.policy = policy
        figures.attempts = attempts
        (figures.excessive, figures.early, figures.spent) = (excessive, early, spent)
        return figures.ruling(
            BackoffTrial(policy, strays: strays, latency: declaration.latency), isExpected: declaration.policy == nil)
    }
}
