import Bytes
import JSON

/// A rule, ready to be asked. A class, so that asking it copies nothing.
final class CompiledRule: Sendable {
    /// The rule's name, or its place in the library for one without.
    let name: String
    let nextState: String?
    private let agent: Glob?
    private let qualifier: Glob?
    private let operation: Glob
    private let conditions: [CompiledCondition]
    /// The place of the payload whose text the rule asks for, and what it must hold.
    let firstLook: (path: Path, pairs: PairSet)?

    init(_ rule: borrowing Rule, at index: Int, _ paths: inout KnownPaths) throws(RuleRefusal) {
        name = rule.name ?? "rules[\(index)]"
        nextState = rule.then
        agent = rule.agent.map { Glob($0) }
        qualifier = rule.qualifier.map { Glob($0) }
        // A rule that names no operation answers the agent's own: a catch-all must not answer StopRuntimeSession.
        operation = rule.operation.map { Glob($0) } ?? Self.usualOperation
        do throws(RuleMistake) {
            let conditions = try Self.conditions(rule.when, &paths)
            firstLook = Self.firstLook(of: conditions)
            self.conditions = conditions
        } catch {
            throw RuleRefusal(rule: index, name: rule.name, message: error.message)
        }
    }

    /// The cheap conditions first: the order decides only which failure a near miss names.
    private static func conditions(
        _ when: Condition?, _ paths: inout KnownPaths
    ) throws(RuleMistake) -> [CompiledCondition] {
        guard let when else { return [] }
        var conditions: [CompiledCondition] = []
        if let state = when.state { conditions.append(.state(state)) }
        if let call = when.call {
            guard let pattern = CallPattern(call) else { throw RuleMistake("call \"\(call)\" is no call pattern") }
            conditions.append(.call(pattern))
        }
        if let session = when.session { conditions.append(.session(Glob(session))) }
        if let user = when.user { conditions.append(.user(Glob(user))) }
        for test in when.header {
            let comparison = try checked(test.comparison)
            let lowercaseName = test.name.utf8.map { ASCII.lowercased($0) }
            conditions.append(.header(name: test.name, lowercaseName: lowercaseName, comparison))
        }
        for test in when.payload {
            conditions.append(.payload(try paths.path(test.path), try checked(test.comparison)))
        }
        return conditions
    }

    private static func firstLook(of conditions: [CompiledCondition]) -> (path: Path, pairs: PairSet)? {
        for condition in conditions {
            if let firstLook = condition.firstLook { return firstLook }
        }
        return nil
    }

    private static func checked(_ comparison: Comparison) throws(RuleMistake) -> Comparison {
        for one in comparison.operators {
            if let problem = one.problem { throw RuleMistake(problem) }
        }
        return comparison
    }

    private static let usualOperation = Glob(Rule.usualOperation)

    func isCandidate(for target: Target) -> Bool { targetFailures(target).isEmpty }

    func matches(_ question: Question, _ payload: inout Payload, _ header: HeaderLookup) -> Bool {
        for condition in conditions
        where condition.failure(question, &payload, header, explains: false) != nil { return false }
        return true
    }

    /// How near the rule came, for one that did not answer.
    func nearMiss(_ question: Question, _ payload: inout Payload, _ header: HeaderLookup) -> NearMiss {
        var failures = targetFailures(question.target)
        for condition in conditions {
            guard let failure = condition.failure(question, &payload, header, explains: true) else { continue }
            failures.append(failure)
        }
        var total = conditions.count + (agent == nil ? 0 : 1) + (qualifier == nil ? 0 : 1)
        if !operation.matches(question.target.operation) { total += 1 }
        return NearMiss(
            rule: name, held: total - failures.count, failed: failures.count, because: failures.first ?? "")
    }

    private func targetFailures(_ target: Target) -> [String] {
        var failures: [String] = []
        if !operation.matches(target.operation) {
            failures.append("operation is \(target.operation), not \"\(String(lossy: operation.pattern))\"")
        }
        if let agent, !agent.matches(target.agent), !agent.matches(target.arn) {
            failures.append("agent is \(target.agent), does not match \"\(String(lossy: agent.pattern))\"")
        }
        if let qualifier, !qualifier.matches(target.qualifier) {
            failures.append("qualifier is \(target.qualifier), does not match \"\(String(lossy: qualifier.pattern))\"")
        }
        return failures
    }
}

/// The places that were read already: a library's rules ask the same few.
struct KnownPaths {
    private var paths: [String: Path] = [:]

    mutating func path(_ text: String) throws(RuleMistake) -> Path {
        if let path = paths[text] { return path }
        do throws(PathError) {
            let path = try Path(text)
            paths[text] = path
            return path
        } catch {
            throw RuleMistake(error.description)
        }
    }
}

/// Why a scenario has no rule book: something in a rule that `ScenarioFile.read` would have refused, from a library
/// that was edited by other means.
package struct RuleRefusal: Error, Equatable, CustomStringConvertible {
    package var rule: Int
    package var name: String?
    package var message: String

    package var description: String {
        "rules[\(rule)]\(name.map { " (\($0))" } ?? ""): \(message)"
    }
}
