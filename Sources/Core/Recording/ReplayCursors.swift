// Rules.  A session whose id is not recorded is bound, by its first call that matches, to a recorded session of its agent:
//         among several to the one that is bound least often, then to the earliest. Each has cursors of its own. Of equal
//         calls the next unused one answers, the last again and again; in `sequence` there is nothing behind the last.
// Theory. Who sends no id is in a new session each time. What it is answered from beyond that session is counted for all
//         of its kind together, so that it gets one equal call after the other, too.

/// How far the recordings have been replayed in one space.
package struct ReplayCursors: Sendable {
    private struct Key: Hashable {
        var agent: String
        var id: String

        func hash(into hasher: inout Hasher) { hasher.combine(id) }
    }

    private struct Binding {
        /// The recorded session.
        var session: Int?
        /// How many calls of a group were used, in the session and beyond it.
        var usedHere: [Int: Int] = [:]
        var used: [Int: Int] = [:]
        var lastUse = 0
    }

    /// Callers choose the ids, so what is kept is bounded: the longest unused half goes first.
    private static let most = 200_000

    private var bindings: [Key: Binding] = [:]
    private var uses = 0
    /// How often each recorded session is bound.
    private var counts: [Int: Int] = [:]
    private var turns: [Int: Turn] = [:]
    private var usedByNobody: [Int: Int] = [:]

    package init() {}

    /// The call that answers this one, which now is used.
    /// - Parameter isGiven: whether the caller named the session, and will name it again.
    package mutating func take(
        _ question: borrowing ReplayQuestion, session id: String, isGiven: Bool, from book: ReplayBook
    ) -> ReadyCall? {
        let groups = book.groups(for: question)
        guard !groups.isEmpty else { return nil }
        if bindings.count >= Self.most { forgetOldest() }
        let key = Key(agent: question.agent, id: id)
        var binding = bindings.removeValue(forKey: key) ?? Binding()
        uses += 1
        binding.lastUse = uses
        if binding.session == nil { bind(&binding, question.agent, id, groups, book) }
        let number = number(for: groups, &binding, isGiven, book)
        bindings[key] = binding
        return number.map { book.calls[$0] }
    }

    private mutating func bind(
        _ binding: inout Binding, _ agent: String, _ id: String, _ groups: [Int], _ book: ReplayBook
    ) {
        binding.session = book.session(agent: agent, id: id)
        for group in groups where binding.session == nil {
            let sessions = book.groups[group].sessions
            guard !sessions.isEmpty else { continue }
            binding.session = turns[group, default: Turn()].next(among: sessions, counts)
        }
        if let session = binding.session { counts[session, default: 0] += 1 }
    }

    private mutating func number(
        for groups: [Int], _ binding: inout Binding, _ isGiven: Bool, _ book: ReplayBook
    ) -> Int? {
        let repeats = book.options.mode != .sequence
        if book.options.mode != .match, let session = binding.session {
            for group in groups {
                let calls = book.groups[group].calls(in: session)
                if !calls.isEmpty { return Self.next(of: calls, &binding.usedHere[group, default: 0], repeats) }
            }
        }
        for group in groups {
            let calls = repeats ? book.groups[group].calls : book.groups[group].withoutSession
            if calls.isEmpty { continue }
            return isGiven
                ? Self.next(of: calls, &binding.used[group, default: 0], repeats)
                : Self.next(of: calls, &usedByNobody[group, default: 0], repeats)
        }
        return nil
    }

    private static func next(of calls: [Int], _ used: inout Int, _ repeats: Bool) -> Int? {
        guard used < calls.count else { return repeats ? calls.last : nil }
        used += 1
        return calls[used - 1]
    }

    private mutating func forgetOldest() {
        let uses = bindings.values.map(\.lastUse).sorted()
        let middle = uses[uses.count / 2]
        bindings = bindings.filter { $0.value.lastUse > middle }
    }
}

/// Goes through the sessions of a group, again and again: those before the next one are bound more than `level` times.
/// Counts only grow, so a session that was passed need not be looked at again before the next round.
private struct Turn {
    private var place = 0
    private var level = 0

    /// The one that is bound least often, the earliest of these.
    mutating func next(among sessions: [Int], _ counts: [Int: Int]) -> Int {
        guard sessions.count > 1 else { return sessions[0] }
        while place < sessions.count {
            if counts[sessions[place], default: 0] <= level { return sessions[place] }
            place += 1
        }
        level = sessions.map { counts[$0, default: 0] }.min() ?? 0
        place = 0
        while counts[sessions[place], default: 0] > level { place += 1 }
        return sessions[place]
    }
}
