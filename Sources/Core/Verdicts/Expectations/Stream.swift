import JSON
import Fields
import Time

/// `stream`: what a client does when an answer is cut off, or stops coming.
extension ExpectationKind {
    static let stream = ExpectationKind(word: "stream") { reader in
        let after = reader.fields.choice("after", of: StreamRule.After.self)
        let does = reader.fields.choice("does", of: StreamRule.Reaction.self)
        for name in ["after", "does"] where !reader.fields.has(name) {
            reader.fields.refuse("\"\(name)\" is missing")
        }
        let within = reader.fields.duration("within")?.inSeconds ?? 30
        guard let after, let does else { return nil }
        if after == .cut, does == .wait {
            reader.fields.refuse("does", "after a cut there is nothing to wait for", hint: "write \"after\": \"stall\"")
        }
        let rule = StreamRule(after: after, does: does, within: within)
        return { { StreamJudge(rule) } }
    }
}

struct StreamRule: Sendable {
    enum After: String, CaseIterable, Sendable { case cut, stall }

    /// To accept a short answer and to give up look the same from here: no more is asked.
    enum Reaction: String, CaseIterable, Sendable {
        case retry, accept, wait
        case giveUp = "give-up"
    }

    let after: After
    let does: Reaction
    /// Seconds.
    let within: Double
}

final class StreamJudge: Judge {
    private struct Incident {
        var call: Int
        var at: Instant
        var session: String?
        var invocation: String?
        var namesSession: Bool
    }

    private let rule: StreamRule
    /// By payload.
    private var open: [UInt64: [Incident]] = [:]
    private var openCount = 0
    private var nextExpiry: Instant?
    private var counts: [StreamRule.Reaction: CallNumbers] = [:]
    private var silences: [Double] = []

    init(_ rule: StreamRule) { self.rule = rule }

    func arrived(_ call: borrowing ObservedCall) {
        let now = call.arrived.clock
        expire(at: now)
        guard var incidents = open[call.payload] else { return }
        let (session, id, names) = (call.session, call.invocation?.id, call.namesSession)
        guard
            let place = incidents.firstIndex(where: { incident in
                incident.invocation != nil && incident.invocation == id || !names || !incident.namesSession
                    || incident.session == session
            })
        else { return }
        note(.retry, incidents.remove(at: place).call)
        openCount -= 1
        open[call.payload] = incidents.isEmpty ? nil : incidents
    }

    func ended(_ call: borrowing ObservedCall) {
        guard let ended = call.ended?.clock else { return }
        switch rule.after {
        case .cut:
            guard call.outcome == .reset || call.outcome == .closed else { return }
        case .stall:
            guard call.outcome == .hung || call.faults.contains(where: { $0 == "stall" || $0 == "hang" }) else {
                return
            }
            let silence = ended.seconds(after: call.lastByte ?? call.arrived.clock)
            if silences.count < 1_000 { silences.append(silence) }
            if call.outcome == .completed || silence >= rule.within { return note(.wait, call.number) }
        }
        open[call.payload, default: []].append(
            Incident(
                call: call.number, at: ended, session: call.session, invocation: call.invocation?.id,
                namesSession: call.namesSession))
        openCount += 1
        nextExpiry = nextExpiry ?? ended.adding(seconds: rule.within)
    }

    private func expire(at now: Instant) {
        guard let expiry = nextExpiry, now > expiry else { return }
        nextExpiry = nil
        var quiet: [Int] = []
        for (payload, incidents) in open {
            let kept = incidents.filter { now.seconds(after: $0.at) <= rule.within }
            quiet += incidents.filter { now.seconds(after: $0.at) > rule.within }.map(\.call)
            open[payload] = kept.isEmpty ? nil : kept
            for incident in kept {
                let end = incident.at.adding(seconds: rule.within)
                nextExpiry = min(nextExpiry ?? end, end)
            }
        }
        openCount -= quiet.count
        for call in quiet.sorted() { note(rule.after == .cut ? .accept : .giveUp, call) }
    }

    private func note(_ reaction: StreamRule.Reaction, _ call: Int) {
        counts[reaction, default: CallNumbers()].add(call)
    }

    private func isRight(_ reaction: StreamRule.Reaction) -> Bool {
        let quiet: [StreamRule.Reaction] = [.accept, .giveUp]
        return reaction == rule.does || quiet.contains(reaction) && quiet.contains(rule.does)
    }

    func ruling(at end: Moment) -> Ruling {
        expire(at: end.clock)
        let what = rule.after == .cut ? "cut off" : "stalled"
        var figures: [Value.Member] = StreamRule.Reaction.allCases.map {
            .init($0.rawValue, Value(counts[$0]?.count ?? 0))
        }
        figures.append(.init("undecided", Value(openCount)))
        figures.append(.init("longestSilence", Figure.number(silences.max())))
        func result(_ judgement: Judgement, _ because: String, _ calls: CallNumbers) -> Ruling {
            Ruling(judgement, because, calls: calls.shown, figures: figures)
        }
        for reaction in StreamRule.Reaction.allCases where !isRight(reaction) {
            guard let wrong = counts[reaction] else { continue }
            return result(
                .fail,
                "when \(wrong.text) was \(what) the client \(Self.past(reaction)) where it should \(rule.does.rawValue)",
                wrong)
        }
        var right = CallNumbers()
        for reaction in StreamRule.Reaction.allCases { for call in counts[reaction]?.shown ?? [] { right.add(call) } }
        if openCount > 0 {
            return result(
                .inconclusive, "an answer was \(what) just now, and the \(Figure.time(rule.within)) are not over", right
            )
        }
        if right.count == 0 { return result(.inconclusive, "no answer was \(what)", right) }
        return result(.pass, "whenever an answer was \(what) the client \(Self.past(rule.does))", right)
    }

    private static func past(_ reaction: StreamRule.Reaction) -> String {
        switch reaction {
        case .retry: "asked again"
        case .accept: "asked no more"
        case .wait: "hung on"
        case .giveUp: "gave up"
        }
    }
}
