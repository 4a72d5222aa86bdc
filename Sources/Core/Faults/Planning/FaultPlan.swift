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

        init(_ armed: Armed, after memory: Memory) {
            definition = armed.definition
            seed = armed.seed
            counting =
                definition.fault.concernsIssuer ? .issuer : definition.remembersSessions ? .session : .agent
            (number, strikes) = (memory.calls, memory.strikes)
        }

        /// The decision about the next call.
        mutating func next() -> Cell {
            number += 1
            guard definition.trigger.strikes(call: number, struckBefore: strikes, seed: seed) else { return .none }
            // What else has to hold is known only when the call comes, so it cannot be counted.
            if definition.fault.condition != nil { return .may }
            strikes += 1
            var chance = Strike(name: "", stage: definition.stage, seed: ~seed, number: number).chance
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
    /// The plan for the calls that come next: to any agent not called yet, or to this one after what it has met.
    package func plan(calls: Int, agent: (arn: String, id: String)? = nil) -> FaultPlan {
        var columns: [FaultPlan.Column] = []
        for (index, armed) in armed.enumerated() {
            guard let agent else {
                columns.append(FaultPlan.Column(armed, after: Memory()))
                continue
            }
            guard armed.definition.concernsAgent(agent.arn, id: agent.id) else { continue }
            let memory = armed.definition.remembersSessions ? Memory() : memory(of: index, agent: agent.arn)
            columns.append(FaultPlan.Column(armed, after: memory))
        }
        return FaultPlan(seed: seed, space: space, calls: max(0, calls), columns: columns)
    }
}
