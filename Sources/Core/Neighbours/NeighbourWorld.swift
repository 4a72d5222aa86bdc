import Library
import Runtime
import Time

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
