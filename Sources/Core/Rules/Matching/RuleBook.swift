import Bytes
import JSON
import SplitMix
import Time

/// The rules of a scenario, made ready once: patterns parsed, replies without templates rendered. Immutable, so any
/// number of calls may ask it at once.
///
///     let candidates = book.candidates(for: question.target)
///     var payload = Payload(body)
///     switch book.match(question, among: candidates, &payload, header: lookup) { … }
package struct RuleBook: Sendable {
    package enum Match: Equatable, Sendable {
        case rule(Int)
        /// No rule answers; the nearest ones, for the error's text.
        case none([NearMiss])
    }

    let rules: [CompiledRule]
    let replies: [CompiledReply]
    /// The places of payloads that rules ask for a text.
    private let places: [Path]

    /// `files` are the bytes that `file` replies name.
    package init(_ list: [Rule], files: [String: [UInt8]]) throws(RuleRefusal) {
        var rules: [CompiledRule] = []
        var replies: [CompiledReply] = []
        rules.reserveCapacity(list.count)
        replies.reserveCapacity(list.count)
        var paths = KnownPaths()
        // Lent, not copied: a rule has two dozen parts.
        let lent = list.span
        for index in lent.indices {
            rules.append(try CompiledRule(lent[index], at: index, &paths))
            do throws(RuleMistake) {
                replies.append(try CompiledReply(lent[index].reply, files: files))
            } catch {
                throw RuleRefusal(rule: index, name: lent[index].name, message: error.message)
            }
        }
        self.rules = rules
        self.replies = replies
        places = Self.places(of: rules)
    }

    private static func places(of rules: [CompiledRule]) -> [Path] {
        var places: [Path] = []
        var known: Set<String> = []
        var latest = ""
        for rule in rules {
            // Most rules ask the same place as the one before.
            guard let path = rule.firstLook?.path, path.text != latest else { continue }
            latest = path.text
            if known.insert(latest).inserted { places.append(path) }
        }
        return places
    }

    package var count: Int { rules.count }

    /// The rule's own name, or `rules[3]`.
    package func name(of rule: Int) -> String { rules[rule].name }

    /// The state that a session is in after this rule has answered; nil leaves it as it is.
    package func nextState(after rule: Int) -> String? { rules[rule].nextState }

    package func candidates(for target: Target) -> Candidates {
        var candidates = Candidates()
        for index in rules.indices where rules[index].isCandidate(for: target) {
            let look = rules[index].firstLook
            candidates.append(index, look?.pairs ?? .none, at: look.flatMap { places.firstIndex(of: $0.path) })
        }
        return candidates
    }

    /// "Rules are tried in order, the first match wins."
    package func match(
        _ question: Question, among candidates: Candidates, _ payload: inout Payload, header: HeaderLookup
    ) -> Match {
        for run in candidates.runs {
            let held = run.place.map { payload.pairs(at: $0, of: places) } ?? .all
            var start = run.range.lowerBound
            while let found = candidates.first(in: start..<run.range.upperBound, within: held) {
                let index = candidates.indices[found]
                if rules[index].matches(question, &payload, header) { return .rule(index) }
                start = found + 1
            }
        }
        return .none(NearMisses.nearest(rules.map { $0.nearMiss(question, &payload, header) }))
    }

    /// What the rule answers. Templates take their values from the call, `{{uuid}}` from `chance`, `{{now}}` from `now`.
    package func reply(
        _ rule: Int, to question: consuming Question, _ payload: inout Payload, chance: inout Chance, now: Instant,
        header: HeaderLookup
    ) -> RenderedReply {
        let reply = replies[rule]
        if let constant = reply.constant { return constant }
        var situation = Situation(question: question, payload: Payload([]), chance: chance, now: now)
        swap(&situation.payload, &payload)
        let rendered = reply.rendered(&situation, header)
        swap(&situation.payload, &payload)
        chance = situation.chance
        return rendered
    }
}
