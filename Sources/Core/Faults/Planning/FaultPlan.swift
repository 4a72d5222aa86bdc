import JSON
import Time

// Rules.  A row is a call of an agent, or of a session for faults that count sessions, or a request to the issuer for
//         those that concern it: the n-th to come. A column is a fault. A cell is the decision.
// Theory. A decision is a function of the fault's seed and of the call's number in the fault's own count, so a column
//         needs nothing but the number that it starts after.

/// Every decision of a book's faults about calls to come.
package struct FaultPlan: Sendable {
    enum Counting: String, Sendable { case agent, session, issuer }

    struct Column: Sendable {
        let definition: Definition
        let seed: UInt64
        let counting: Counting
        private var number: Int
        private var strikes: Int
        /// It struck the one call that it was to strike, or it is switched off.
        private var isOver: Bool

        init(_ armed: Armed, after memory: Memory) {
            definition = armed.definition
            seed = armed.seed
            counting =
                definition.fault.concernsIssuer ? .issuer : definition.remembersSessions ? .session : .agent
            (number, strikes) = (memory.calls, memory.strikes)
            isOver = armed.definition.isOnce && armed.struck > 0 || !armed.isEnabled
        }

        /// On to the decision about the call of this number, where it counts what is not the agent's calls.
        mutating func skip(to first: Int) {
            while number < first - 1 { _ = next() }
        }

        /// The decision about the next call.
        mutating func next() -> Cell {
            number += 1
            guard !isOver, definition.trigger.strikes(call: number, struckBefore: strikes, seed: seed) else {
                return .none
            }
            // What else has to hold is known only when the call comes, so it cannot be counted.
            if definition.fault.condition != nil { return .may }
            strikes += 1
            isOver = definition.isOnce
            var chance = StruckFault(name: "", word: "", stage: definition.stage, seed: ~seed, number: number).chance
            return definition.fault.forecast(&chance).map(Cell.draws) ?? .strikes
        }
    }

    enum Cell: Equatable, Sendable {
        case none
        case strikes
        /// It strikes, and draws this many nanoseconds.
        case draws(Int64)
        /// It strikes when the fault's condition holds.
        case may
    }

    let seed: UInt64
    let space: String
    /// The agent that it is about, by its ARN; nil for any that has met none of these faults yet.
    let agent: String?
    /// The number of the first call.
    let first: Int
    let calls: Int
    let columns: [Column]

    /// The decisions for one call after another.
    struct Rows: Sequence, IteratorProtocol {
        private var columns: [Column]
        private var left: Int

        init(_ plan: FaultPlan) { (columns, left) = (plan.columns, plan.calls) }

        mutating func next() -> [Cell]? {
            guard left > 0 else { return nil }
            left -= 1
            return columns.indices.map { columns[$0].next() }
        }
    }

    var rows: Rows { Rows(self) }
}

extension FaultBook {
    /// The plan for an agent not called yet, from this call of its on.
    package func plan(calls: Int, from first: Int = 1) -> FaultPlan {
        let columns = armed.map { armed in
            var column = FaultPlan.Column(armed, after: Memory())
            column.skip(to: first)
            return column
        }
        return plan(columns, of: nil, first, calls)
    }

    /// The plans for the calls to come: of each agent met so far, after what it has met, or of any when none was.
    package func plansToCome(calls: Int) -> [FaultPlan] {
        let plans = agentsMet.map { plan(calls: calls, agent: $0) }
        return plans.isEmpty ? [plan(calls: calls)] : plans
    }

    /// A fault that was armed later has counted fewer calls than the agent has met. What counts sessions, or requests to
    /// the issuer, counts them from 1: their calls of these numbers are shown.
    package func plan(calls: Int, agent: (arn: String, id: String)) -> FaultPlan {
        var memories: [(armed: Armed, memory: Memory)] = []
        for (index, armed) in armed.enumerated() where armed.definition.concernsAgent(agent.arn, id: agent.id) {
            memories.append((armed, memory(of: index, agent: agent.arn)))
        }
        let first = (memories.map(\.memory.calls).max() ?? 0) + 1
        let columns = memories.map { armed, memory in
            var column = FaultPlan.Column(armed, after: memory)
            if column.counting != .agent { column.skip(to: first) }
            return column
        }
        return plan(columns, of: agent.arn, first, calls)
    }

    private func plan(_ columns: [FaultPlan.Column], of agent: String?, _ first: Int, _ calls: Int) -> FaultPlan {
        FaultPlan(seed: seed, space: space, agent: agent, first: first, calls: max(0, calls), columns: columns)
    }
}
