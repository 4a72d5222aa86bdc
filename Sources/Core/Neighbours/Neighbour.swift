import HTTPWire
import JSON
import Journal
import Library
import Runtime
import Time

/// A service that the programs around an agent call, on the same port: who am I, where is my agent, what does its log
/// say. One file each, below `Services/`.
package struct Neighbour: Sendable {
    /// As signatures are scoped to it; with `:` and an operation behind it, the IAM action.
    package let service: String
    /// How long a signature holds, in seconds: "15 min" with IAM and STS, five elsewhere.
    package let window: Int64
    let wire: Wire
    let operations: [Operation]

    package struct Operation: Sendable {
        package let name: String
        /// What IAM calls the resource of a call, behind `arn:aws:SERVICE:REGION:ACCOUNT:`.
        let resource: @Sendable (Value) -> String
        let perform: Perform

        init(
            _ name: String, on resource: @escaping @Sendable (Value) -> String = { _ in "*" },
            _ perform: @escaping Perform
        ) {
            (self.name, self.resource, self.perform) = (name, resource, perform)
        }
    }

    typealias Perform = @Sendable (borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult

    static let catalogue: [Neighbour] = [.sts, .ssm, .logs, .xray]

    package static var operationNames: [String] {
        catalogue.flatMap { neighbour in neighbour.operations.map(\.name) }
    }

    /// What IAM may deny a credential.
    package static var actions: [String] {
        catalogue.flatMap { neighbour in neighbour.operations.map { "\(neighbour.service):\($0.name)" } }
    }
}

/// What an operation is asked with, and what it may look at.
package struct NeighbourCall {
    package var input: Value
    package var world: NeighbourWorld
    /// The caller's access key, and whether it is one for a time; nil where nobody was asked who they are.
    package var caller: (accessKeyId: String, isTemporary: Bool)?
    /// What the signature is scoped to.
    package var region: String
}

/// Looks an answer up in the journal: so many calls at a time as the budget says, and nil while there are more.
package typealias JournalLook = (borrowing CallLog, _ budget: inout Int) throws(NeighbourError) -> Value?

/// What an operation answers.
package enum NeighbourResult {
    case told(Value)
    /// A value that the journal shows in another form, as there is a secret in it.
    case secret(Value, shown: Value)
    /// Pieces of traces that were taken.
    case segments([TraceSegment], Value)
    /// What the journal knows: whoever has it asks.
    case inJournal(JournalLook)
}

/// What an operation refuses, in the service's words.
package struct NeighbourError: Error, Equatable {
    /// Without `Exception` where the service's own name has none.
    package var name: String
    package var status: Int
    /// Empty where the service says nothing.
    package var message: String
    /// For the journal, where the message does not say enough.
    package var why: String?

    package init(_ name: String, _ message: String = "", status: Int = 400, why: String? = nil) {
        (self.name, self.status, self.message, self.why) = (name, status, message, why)
    }
}

/// What the neighbours know of the library, and of the moment.
package struct NeighbourWorld {
    let agents: [Agent]
    let parameters: [Parameter]
    let space: String
    /// What the space's clock says.
    let now: Instant

    package init(_ scenario: Scenario, space: String, now: Instant) {
        agents = scenario.agents
        parameters = scenario.parameters
        self.space = space
        self.now = now
    }

    /// Of a pattern nobody can say an ARN. An agent that is named by its id alone lives wherever it is asked for.
    func agentARNs(region: String) -> [AgentARN] {
        agents.compactMap { agent in
            AgentARN(agent.arn) ?? arn(ofID: agent.arn, region: region)
        }
    }

    func arn(ofID id: String, region: String) -> AgentARN? {
        AgentARN.isAgentID(id) ? AgentARN(region: region, account: account, id: id) : nil
    }

    /// A library knows no accounts: it is that of its first agent.
    package var account: String {
        agents.lazy.compactMap { AgentARN($0.arn) }.first?.account ?? Self.usualAccount
    }

    static let usualAccount = "000000000000"
}
