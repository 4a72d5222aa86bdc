import SplitMix
import JSON
import Runtime
import Time

/// One call, as far as faults look at it.
package struct FaultCandidate: Sendable {
    /// The ARN.
    package var agent: String
    package var agentID: String
    package var endpoint: String
    package var operation: String
    /// Nil when the caller sent none: then the call is the first and only one of its session.
    package var session: String?
    /// The agent's own `coldStart`.
    package var coldStart: Duration?
    /// Server time.
    package var now: Instant
    /// Set when it is the server's own issuer that is asked, and no agent.
    package let issuerPart: IssuerPart?

    package init(
        agent: String, agentID: String, endpoint: String, operation: String, session: String?,
        coldStart: Duration? = nil, now: Instant
    ) {
        self.agent = agent
        self.agentID = agentID
        self.endpoint = endpoint
        self.operation = operation
        self.session = session
        self.coldStart = coldStart
        self.now = now
        issuerPart = nil
    }

    /// A request to the server's own issuer.
    package init(issuer part: IssuerPart, now: Instant) {
        (agent, agentID, endpoint, operation) = ("", "", "", "")
        self.now = now
        issuerPart = part
    }
}

/// What the shape of an error depends on.
package struct Caller: Sendable {
    package var `protocol`: AgentProtocol
    /// Of the agent, where its entry names one.
    package var dialect: Dialect?
    /// The `id` of a JSON-RPC request.
    package var requestID: Value

    package init(protocol: AgentProtocol = .http, dialect: Dialect? = nil, requestID: Value = .null) {
        self.protocol = `protocol`
        self.dialect = dialect
        self.requestID = requestID
    }
}

/// A part of the server's own issuer.
package enum IssuerPart: String, Sendable, CaseIterable {
    case keys
    case discovery
    case tokens

    /// What the journal calls what it is asked for, where the call does not say it itself.
    package var operation: String {
        let operation: IssuerOperation =
            switch self {
            case .keys: .keySet
            case .discovery: .discovery
            case .tokens: .token
            }
        return operation.rawValue
    }
}

/// What the issuer is to do.
package enum IssuerEffect: Equatable, Sendable {
    /// Answer with this status instead of the document.
    case outage(status: Int)
    /// Sign with new keys from now on; the old ones leave the key set unless they are kept.
    case rotation(keepsOld: Bool)
}

/// What a fault of the delivery may use beside the steps.
struct DeliverySituation {
    var chance: Chance
    var `protocol`: AgentProtocol
    var coldStart: Duration?
    /// Nanoseconds that the answer waits already because its session has to be provisioned.
    var provisioned: Int64 = 0
}
