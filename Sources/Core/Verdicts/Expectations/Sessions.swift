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

/// Who used a session first, of all callers of one space.
final class SessionOwners {
    var users: [String: String] = [:]
}

final class SessionJudge: Judge {
    private let rule: SessionRule
    private let owners: SessionOwners
    private var calls = 0
    private var missing = CallNumbers()
    private var changing = CallNumbers()
    private var shared = CallNumbers()
    private var sharedSessions: Set<String> = []
    private var restarted = CallNumbers()
    private var sessions: [String: Set<String>] = [:]

    init(_ rule: SessionRule, _ owners: SessionOwners) {
        self.rule = rule
        self.owners = owners
    }

    func arrived(_ call: borrowing ObservedCall) {
        calls += 1
        guard let session = call.session, call.namesSession else { return missing.add(call.number) }
        let user = call.user ?? call.principal ?? ""
        if sessions[user]?.contains(session) != true {
            if sessions[user] != nil { changing.add(call.number) }
            sessions[user, default: []].insert(session)
        }
        guard let owner = owners.users[session] else {
            owners.users[session] = user
            return
        }
        if call.startsSession { restarted.add(call.number) }
        guard owner != user else { return }
        if sharedSessions.insert(session).inserted { shared.add(call.number) }
    }

    func ruling(at end: Moment) -> Ruling {
        let figures: [Value.Member] = [
            .init("calls", Value(calls)), .init("missing", Value(missing.count)),
            .init("changing", Value(changing.count)), .init("shared", Value(shared.count)),
            .init("restarted", Value(restarted.count)),
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
            ?? Ruling(.pass, "\(calls) calls used their sessions as expected", figures: figures)
    }
}
