import JSON

/// `sessions`: calls without a session, users whose session changes, sessions of two users, conversations begun again.
extension ExpectationKind {
    static let sessions = ExpectationKind(word: "sessions", by: .principal) { reader in
        let rule = SessionRule(
            missing: reader.most("missing"), changing: reader.most("changing"), shared: reader.most("shared"),
            restarted: reader.most("restarted"))
        return {
            let owners = SessionOwners()
            return { SessionJudge(rule, owners) }
        }
    }
}

/// The most that are allowed; nil is not judged. An expectation that names none of them allows none of the first three.
struct SessionRule: Sendable {
    var missing: Int?
    var changing: Int?
    var shared: Int?
    var restarted: Int?

    init(missing: Int?, changing: Int?, shared: Int?, restarted: Int?) {
        (self.missing, self.changing, self.shared, self.restarted) = (missing, changing, shared, restarted)
        if missing == nil, changing == nil, shared == nil, restarted == nil {
            (self.missing, self.changing, self.shared) = (0, 0, 0)
        }
    }
}

/// Who used a session first, of all callers of one space, as fingerprints.
final class SessionOwners {
    fileprivate var owners: [UInt64: SessionUser] = [:]
}

/// Who stands behind a call, as far as it says: the user that it names, or the person whose token it shows. What signs
/// its calls may act for many, so that a principal is a user only beside another principal.
private struct SessionUser {
    let user: UInt64?
    let principal: UInt64?

    init(of call: borrowing ObservedCall) {
        let named = call.user ?? (call.token == nil ? nil : call.principal)
        user = named.map { ByteHash($0).value }
        principal = call.principal.map { ByteHash($0).value }
    }

    func isAnother(than other: SessionUser) -> Bool {
        if let user, let otherUser = other.user { return user != otherUser }
        guard let principal, let otherPrincipal = other.principal else { return false }
        return principal != otherPrincipal
    }

    /// Whose sessions are looked at together.
    var key: UInt64 { user ?? ~(principal ?? 0) }
}

final class SessionJudge: Judge {
    private let rule: SessionRule
    private let owners: SessionOwners
    private var calls = 0
    private var missing = CallNumbers()
    private var changing = CallNumbers()
    /// Of nobody knows which user.
    private var unnamed = CallNumbers()
    private var shared = CallNumbers()
    private var sharedSessions: Set<UInt64> = []
    private var restarted = CallNumbers()
    private var users: Set<UInt64> = []
    /// Of each user, as one fingerprint with the user's.
    private var sessions: Set<UInt64> = []

    init(_ rule: SessionRule, _ owners: SessionOwners) {
        self.rule = rule
        self.owners = owners
    }

    func arrived(_ call: borrowing ObservedCall) {
        calls += 1
        guard let name = call.session, call.namesSession else { return missing.add(call.number) }
        let (session, user) = (ByteHash(name).value, SessionUser(of: call))
        if sessions.insert(session ^ user.key &* 0x9E37_79B9_7F4A_7C15).inserted, !users.insert(user.key).inserted {
            if user.user == nil { unnamed.add(call.number) } else { changing.add(call.number) }
        }
        guard let owner = owners.owners[session] else {
            owners.owners[session] = user
            return
        }
        if call.startsSession { restarted.add(call.number) }
        guard user.isAnother(than: owner) else { return }
        if sharedSessions.insert(session).inserted { shared.add(call.number) }
    }

    func ruling(at end: Moment) -> Ruling {
        let figures: [Value.Member] = [
            .init("calls", Value(calls)), .init("missing", Value(missing.count)),
            .init("changing", Value(changing.count)), .init("shared", Value(shared.count)),
            .init("restarted", Value(restarted.count)), .init("unnamed", Value(unnamed.count)),
        ]
        func fails(_ numbers: CallNumbers, _ most: Int?, _ what: String) -> Ruling? {
            guard let most, numbers.count > most else { return nil }
            let allowed = most == 0 ? "none is allowed" : "\(most) are allowed"
            return Ruling(.fail, "\(numbers.text) \(what); \(allowed)", calls: numbers.shown, figures: figures)
        }
        return fails(shared, rule.shared, "used the session of another user")
            ?? fails(missing, rule.missing, "named no session")
            ?? fails(changing, rule.changing, "began another session for a user who had one")
            ?? fails(restarted, rule.restarted, "went on in a session that had ended, and so began it again")
            ?? doubt(figures) ?? Ruling(.pass, "\(calls) calls used their sessions as expected", figures: figures)
    }

    /// Many users may stand behind who names none.
    private func doubt(_ figures: [Value.Member]) -> Ruling? {
        guard let most = rule.changing, unnamed.count > most else { return nil }
        let because = "\(unnamed.text) began another session and named no user: whether a user's changed cannot be told"
        return Ruling(.inconclusive, because, calls: unnamed.shown, figures: figures)
    }
}
