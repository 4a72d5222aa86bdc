import JSON
import Fields
import Time

/// `tokenRefresh`: after a token was refused, one refresh, and the same call again with the new token.
extension ExpectationKind {
    static let tokenRefresh = ExpectationKind(word: "tokenRefresh", by: .principal, hearsIssuer: true) { reader in
        var rule = RefreshRule()
        if let within = reader.fields.duration("within")?.inSeconds { rule.within = within }
        if let refreshes = reader.count("refreshes") { rule.refreshes = refreshes }
        if let retries = reader.count("retries") { rule.retries = retries }
        rule.story = reader.story()
        let settled = rule
        return { { RefreshJudge(settled) } }
    }
}

struct RefreshRule: Sendable {
    /// Seconds from the refusal to the retry.
    var within = 5.0
    /// For each time that a token was refused.
    var refreshes = 0...1
    /// Of each refused call.
    var retries = 0...1
    var story: StorySource?
    /// Seconds within which a caller may not have heard of a refusal: seldom does a call take longer to arrive.
    let grace = 0.35

    /// What is left of a token that nobody has to replace yet: more than caches keep in reserve.
    static func isFresh(_ token: ObservedCall.Token, at now: Instant) -> Bool {
        guard let expires = token.expires else { return false }
        let left = expires.seconds(after: now)
        guard let issued = token.issuedAt else { return left > 330 }
        let life = expires.seconds(after: issued)
        return left > min(0.5 * life, max(330, 0.1 * life))
    }
}

/// Rules:
/// - A refusal begins an episode, and those within the time after it belong to it: concurrent callers share one refresh.
/// - A refresh is a call to the issuer, or a token that was not seen before, whichever there were more of.
/// - A refused token is not used again, save by calls that were on their way.
/// - A token is not replaced while it is fresh, and nobody refused it.
final class RefreshJudge: Judge {
    private struct Refused {
        var call: Int
        var at: Instant
        var token: String?
        var retries = 0
        var isRetried = false
        var isAbandoned = false
    }

    private struct Episode {
        var from: Instant
        var last: Instant
        var tokens: Set<String> = []
        var issuerCalls = 0
        var refreshes: Int { max(tokens.count, issuerCalls) }
    }

    private let rule: RefreshRule
    private var episode: Episode?
    private var waiting: [Invocations.Key: Refused] = [:]
    private var refusedTokens = Recent()
    private var seenTokens = Recent()
    private var lastToken: ObservedCall.Token?
    private var calls = 0
    private var refusals = CallNumbers()
    private var episodes = 0
    private var mostRefreshes = 0
    private var leastRefreshes = Int.max
    private var mostRetries = 0
    private var slowest = 0.0
    private var inTime = 0
    private var oldToken = CallNumbers()
    private var tooMany = CallNumbers()
    private var late = CallNumbers()
    private var abandoned = CallNumbers()
    private var needless = CallNumbers()

    init(_ rule: RefreshRule) { self.rule = rule }

    func arrived(_ call: borrowing ObservedCall) {
        let now = call.arrived.clock
        abandon(before: now)
        if call.isIssuer {
            if episode != nil { episode?.issuerCalls += 1 }
            return
        }
        calls += 1
        if let token = call.token { sawToken(token, call.number, now) }
        retried(call, now)
    }

    private func sawToken(_ token: ObservedCall.Token, _ call: Int, _ now: Instant) {
        if let refused = refusedTokens.time(of: token.id), now.seconds(after: refused) > rule.grace {
            oldToken.add(call)
        }
        guard seenTokens.time(of: token.id) == nil else { return }
        seenTokens.add(token.id, at: now)
        if let last = lastToken {
            let wasRefused = refusedTokens.time(of: last.id) != nil
            if !wasRefused, RefreshRule.isFresh(last, at: now) { needless.add(call) }
            episode?.tokens.insert(token.id)
        }
        lastToken = token
    }

    private func retried(_ call: borrowing ObservedCall, _ now: Instant) {
        let key = key(of: call)
        guard var refused = waiting[key] else { return }
        refused.retries += 1
        mostRetries = max(mostRetries, refused.retries)
        if refused.retries > rule.retries.upperBound { tooMany.add(call.number) }
        if !refused.isRetried, call.token?.id != refused.token {
            let wait = now.seconds(after: refused.at)
            slowest = max(slowest, wait)
            if wait <= rule.within { inTime += 1 } else { late.add(call.number) }
            refused.isRetried = true
        }
        waiting[key] = refused
    }

    func ended(_ call: borrowing ObservedCall) {
        guard let ended = call.ended?.clock, !call.isIssuer else { return }
        let key = key(of: call)
        guard call.refusal == .token else {
            if waiting[key]?.isRetried == true { waiting[key] = nil }
            return
        }
        refusals.add(call.number)
        if let token = call.token?.id, refusedTokens.time(of: token) == nil { refusedTokens.add(token, at: ended) }
        if episode == nil {
            episode = Episode(from: ended, last: ended)
            episodes += 1
        }
        episode?.last = ended
        let before = waiting[key]
        // A retry that is refused itself need not be tried for ever.
        var refused = Refused(call: call.number, at: ended, token: call.token?.id, retries: before?.retries ?? 0)
        refused.isRetried = refused.retries >= rule.retries.upperBound && refused.retries > 0
        waiting[key] = refused
    }

    private func key(of call: borrowing ObservedCall) -> Invocations.Key {
        switch rule.story {
        case .header(let name): if let value = call.headers[name] { return .said(value) }
        case .path(let path): if let value = call.values[path] { return .said(value) }
        case nil: break
        }
        // A retry with another token is another invocation to the SDK.
        return .guessed(session: call.namesSession ? call.session : nil, payload: call.payload)
    }

    private func abandon(before now: Instant) {
        guard let current = episode, now.seconds(after: current.last) > rule.within else { return }
        close(current)
        var calls: [Int] = []
        for (key, refused) in waiting where now.seconds(after: refused.at) > rule.within {
            if !refused.isRetried, !refused.isAbandoned { calls.append(refused.call) }
            waiting[key]?.isAbandoned = true
            // One retry more, however late, is still told from a new call.
            if refused.isRetried || now.seconds(after: refused.at) > 4 * rule.within + 60 { waiting[key] = nil }
        }
        for call in calls.sorted() { abandoned.add(call) }
    }

    private func close(_ current: Episode) {
        mostRefreshes = max(mostRefreshes, current.refreshes)
        leastRefreshes = min(leastRefreshes, current.refreshes)
        episode = nil
    }

    func ruling(at end: Moment) -> Ruling {
        abandon(before: end.clock)
        let isOpen = episode != nil
        if let current = episode { close(current) }
        let undecided = isOpen && waiting.contains { !$0.value.isRetried }
        return ruling(undecided: undecided)
    }

    private func ruling(undecided: Bool) -> Ruling {
        func result(_ judgement: Judgement, _ because: String, _ calls: [Int]? = nil) -> Ruling {
            Ruling(judgement, because, calls: calls ?? refusals.shown, figures: figures)
        }
        if needless.count >= 3, needless.count * 2 >= calls {
            return result(
                .fail, "it refreshes before every call: \(needless.count) of \(calls) calls replaced a fresh token",
                needless.shown)
        }
        if oldToken.count > 0 {
            return result(.fail, "\(oldToken.text) came with a token that had been refused", oldToken.shown)
        }
        if tooMany.count > 0 {
            return result(
                .fail,
                "a refused call was tried again \(mostRetries) times, \(CallsJudge.text(rule.retries)) expected: \(tooMany.text)",
                tooMany.shown)
        }
        if mostRefreshes > rule.refreshes.upperBound {
            return result(
                .fail, "one refusal led to \(mostRefreshes) refreshes, \(CallsJudge.text(rule.refreshes)) expected")
        }
        if late.count > 0 {
            return result(
                .fail,
                "\(late.text) came \(Figure.time(slowest)) after the refusal, \(Figure.time(rule.within)) are allowed",
                late.shown)
        }
        if abandoned.count > 0 {
            let were = abandoned.count == 1 ? "was" : "were"
            return result(
                .fail,
                "\(abandoned.text) \(were) refused and not tried again with a new token in \(Figure.time(rule.within))",
                abandoned.shown)
        }
        if refusals.count == 0 { return result(.inconclusive, "no token was refused") }
        if undecided { return result(.inconclusive, "a token was refused just now, and its time is not over") }
        if leastRefreshes < rule.refreshes.lowerBound {
            return result(
                .fail, "a refusal led to \(leastRefreshes) refreshes, \(CallsJudge.text(rule.refreshes)) expected")
        }
        let times = episodes == 1 ? "once" : "\(episodes) times"
        return result(
            .pass,
            "a token was refused \(times), and \(inTime) calls came again with a new one within \(Figure.time(slowest))"
        )
    }

    private var figures: [Value.Member] {
        [
            .init("refusals", Value(refusals.count)), .init("episodes", Value(episodes)),
            .init("refreshes", Value(mostRefreshes)), .init("retries", Value(mostRetries)),
            .init("slowest", Figure.number(slowest)), .init("oldToken", Value(oldToken.count)),
            .init("abandoned", Value(abandoned.count)), .init("needless", Value(needless.count)),
        ]
    }
}

/// The latest names and when they came: enough to know a name again, and no more than a few dozen.
struct Recent {
    private static let most = 64
    private var names: [(name: String, at: Instant)] = []

    func time(of name: String) -> Instant? { names.last { $0.name == name }?.at }

    mutating func add(_ name: String, at moment: Instant) {
        if names.count == Self.most { names.removeFirst() }
        names.append((name, moment))
    }
}
