import Bytes
import JSON
import Fields
import Journal
import Time

/// Which calls an expectation speaks of: the parameters of `calls` that look at one call. A part that is not given
/// matches every call; names are globs.
package struct CallMatch: Equatable, Sendable {
    var globs: [Part: Glob] = [:]
    var statuses: [ClosedRange<Int>]?
    var outcomes: [ObservedCall.Outcome]?
    /// Calls with a greater number, or that arrived at this moment or later; up to this number, or before this moment.
    var since: Query.Bound?
    var until: Query.Bound?
    /// Calls that nothing in the library answers, or the others.
    var isUnmatched: Bool?

    enum Part: String, CaseIterable, Sendable {
        case agent, qualifier, session, user, principal, operation, rule, fault, trace, space
    }

    package static let everything = CallMatch()

    /// It can be said when the call arrives. What looks at the answer is said when the call has ended.
    var isSaidAtArrival: Bool { statuses == nil && outcomes == nil }

    /// Without what looks at the answer.
    var arrivalPart: CallMatch {
        var part = self
        (part.statuses, part.outcomes) = (nil, nil)
        return part
    }

    package func matches(_ call: borrowing ObservedCall) -> Bool {
        for (part, glob) in globs where !Self.matches(part, glob, call) { return false }
        if let since, !Self.isAfter(call, since) { return false }
        if let until, Self.isAfter(call, until) { return false }
        if let isUnmatched, call.isUnmatched != isUnmatched { return false }
        if let statuses {
            guard let status = call.status, statuses.contains(where: { $0.contains(status) }) else { return false }
        }
        guard let outcomes else { return true }
        return call.outcome.map(outcomes.contains) ?? false
    }

    private static func matches(_ part: Part, _ glob: Glob, _ call: borrowing ObservedCall) -> Bool {
        switch part {
        case .agent: call.agent.map { matchesAgent(glob, $0) } ?? false
        case .qualifier: matches(glob, call.qualifier)
        case .session: matches(glob, call.session)
        case .user: matches(glob, call.user)
        case .principal: matches(glob, call.principal)
        case .operation: matches(glob, call.operation)
        case .rule: matches(glob, call.rule)
        case .fault: call.faults.contains { glob.matches($0) }
        case .trace: matches(glob, call.trace)
        case .space: matches(glob, call.space)
        }
    }

    private static func isAfter(_ call: borrowing ObservedCall, _ bound: Query.Bound) -> Bool {
        switch bound {
        case .number(let number): call.number > number
        case .moment(let moment): call.arrived.real >= moment
        }
    }

    private static func matches(_ glob: Glob, _ text: String?) -> Bool { text.map { glob.matches($0) } ?? false }

    static func matchesAgent(_ glob: Glob, _ arn: String) -> Bool { glob.matches(agent: arn.utf8.span) }
}

/// What there is in the library: a `match` that fits none of it is a mistake, not an absence.
package struct KnownNames: Sendable {
    package var agents: [String]
    package var operations: [String]
    package var rules: [String]

    package init(agents: [String], operations: [String], rules: [String]) {
        self.agents = agents
        self.operations = operations
        self.rules = rules
    }
}

extension CallMatch {
    static func read(_ fields: inout FieldReader, _ known: KnownNames?) -> CallMatch {
        var match = CallMatch()
        for part in Part.allCases {
            guard let text = fields.text(part.rawValue, .glob) else { continue }
            match.globs[part] = Glob(text)
            if let known { refuseStrange(part, text, known, fields) }
        }
        match.since = bound("since", &fields)
        match.until = bound("until", &fields)
        match.isUnmatched = fields.bool("unmatched")
        match.refuseNothing(fields)
        if fields.has("limit") {
            _ = fields.field("limit")
            fields.refuse(
                "limit", "an expectation looks at every call", hint: "write \"since\" to leave out earlier ones")
        }
        match.statuses = list("status", "none of 404, 4xx, 200-299", &fields, StatusRange.read)
        let words = ObservedCall.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
        match.outcomes = list("outcome", "none of \(words)", &fields) { ObservedCall.Outcome(rawValue: $0) }
        return match
    }

    /// What no call can be, whatever is called.
    private func refuseNothing(_ fields: FieldReader) {
        let isBackwards =
            switch (since, until) {
            case (.number(let since), .number(let until)): until <= since
            case (.moment(let since), .moment(let until)): until <= since
            default: false
            }
        if isBackwards { fields.refuse("until", "no call is after \"since\" and not after \"until\"") }
        if isUnmatched == true, globs[.rule] != nil {
            fields.refuse("unmatched", "what nothing answers has no rule", hint: "leave one of \"rule\" and it out")
        }
    }

    private static func bound(_ name: String, _ fields: inout FieldReader) -> Query.Bound? {
        guard let node = fields.field(name) else { return nil }
        if let number = node.integer, number >= 0 { return .number(number) }
        if let text = node.text, let number = ASCII.decimal(Array(text.utf8)) { return .number(number) }
        if let text = node.text, let moment = Instant(rfc3339: text.utf8) { return .moment(moment) }
        fields.refuse(
            name, "\(Excerpt.of(node.value)) is neither a moment nor the number of a call",
            hint: "write a moment like \"2026-01-15T12:00:00Z\", or a number")
        return nil
    }

    private static func refuseStrange(_ part: Part, _ text: String, _ known: KnownNames, _ fields: FieldReader) {
        let glob = Glob(text)
        let names: [String]
        switch part {
        case .agent: names = known.agents
        case .operation: names = known.operations
        case .rule: names = known.rules
        default: return
        }
        // An agent that is given as a pattern accepts every agent that fits it.
        let fits = names.contains { name in
            name.utf8.contains(UInt8(ascii: "*"))
                || (part == .agent ? matchesAgent(glob, name) : glob.matches(name))
        }
        guard !fits else { return }
        fields.refuse(
            part.rawValue, "\(TextCheck.quoted(text)) can fit no \(part.rawValue) of the library",
            hint: NearName.hint(for: text, among: names)
                ?? (names.isEmpty ? nil : "there are \(names.prefix(8).joined(separator: ", "))"))
    }

    /// One text or number, or a list of them.
    private static func list<Item>(
        _ name: String, _ problem: String, _ fields: inout FieldReader, _ read: (String) -> Item?
    ) -> [Item]? {
        guard let node = fields.field(name) else { return nil }
        var items: [Item] = []
        for element in node.array ?? [node] {
            switch element.content {
            case .string(let text), .number(let text):
                guard let item = read(text) else {
                    fields.refuse(name, "\(TextCheck.quoted(text)) is \(problem)")
                    return nil
                }
                items.append(item)
            default:
                fields.refuseKind(name, element, expected: "a text or a list of texts")
                return nil
            }
        }
        if items.isEmpty { fields.refuse(name, "the list is empty", hint: "leave it out, or name at least one") }
        return items.isEmpty ? nil : items
    }
}
