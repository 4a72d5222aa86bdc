import Bytes
import Delivery
import JSON
import Time

/// Which calls are asked for: what `GET /calls?…`, `understudy journal` and the `match` of an expectation have in
/// common. A part that is not given matches every call; names are globs.
package struct Query: Equatable, Sendable {
    package enum Bound: Equatable, Sendable {
        case number(Int)
        case moment(Instant)
    }

    /// Against the agent's ARN and against its id.
    package var agent: Glob?
    package var session: Glob?
    package var user: Glob?
    package var operation: Glob?
    package var rule: Glob?
    package var space: Glob?
    package var statuses: [ClosedRange<Int>]?
    package var outcomes: [Report.Outcome]?
    /// Calls with a greater number, or that arrived at this moment or later.
    package var since: Bound?
    /// Calls up to this number, or that arrived before this moment.
    package var until: Bound?
    /// The newest so many.
    package var limit: Int?

    package init() {}

    package func matches(_ call: borrowing Call) -> Bool {
        matches(call.number, call.arrived, status: call.reply?.status, outcome: call.ending?.outcome)
            && Self.matches(space, call.space) && Self.matches(session, call.session) && Self.matches(user, call.user)
            && Self.matches(operation, call.operation) && Self.matches(rule, call.rule) && matchesAgent(call.agent)
    }

    private func matches(_ number: Int, _ arrived: Instant, status: Int?, outcome: Report.Outcome?) -> Bool {
        if let since, !Self.isAfter(number, arrived, since) { return false }
        if let until, Self.isAfter(number, arrived, until) { return false }
        if let statuses {
            guard let status, statuses.contains(where: { $0.contains(status) }) else {
                return false
            }
        }
        if let outcomes {
            guard let outcome, outcomes.contains(where: { $0 == outcome || $0.rawValue == outcome.word }) else {
                return false
            }
        }
        return true
    }

    private static func isAfter(_ number: Int, _ arrived: Instant, _ bound: Bound) -> Bool {
        switch bound {
        case .number(let bound): number > bound
        case .moment(let moment): arrived >= moment
        }
    }

    private static func matches(_ glob: Glob?, _ text: String?) -> Bool {
        guard let glob else { return true }
        guard let text else { return false }
        return glob.matches(text.utf8.span)
    }

    private func matchesAgent(_ text: String?) -> Bool {
        guard let agent else { return true }
        guard let text else { return false }
        return Self.matches(agent, text.utf8.span)
    }

    /// The ARN or the id at its end.
    private static func matches(_ glob: Glob, _ arn: Span<UInt8>) -> Bool {
        if glob.matches(arn) { return true }
        var start = arn.count
        while start > 0, arn[start - 1] != UInt8(ascii: "/") { start -= 1 }
        return start > 0 && glob.matches(arn.extracting(start...))
    }
}
