import Access
import Faults
import Library
import Neighbours
import Runtime
import Time

/// One operation of the service: where it is called, who may, and what it does. One file each, below `Operations/`.
final class Operation: Sendable {
    enum SessionNeed: Sendable {
        case none
        /// Allocated when the caller sends none.
        case optional
        case required
    }

    /// Beside the call it gets the library, and what tells callers where to get a token.
    typealias Perform =
        @Sendable (
            OpenCall, LibrarySnapshot, (OpenCall) -> ProtectedResource?
        ) -> LineExit

    /// The operation's name, and with `bedrock-agentcore:` before it its IAM action.
    let name: String
    let action: String
    let routes: [Route]
    /// Whether it is called on an agent; one that this version does not know need not be.
    let isOfAnAgent: Bool
    let needsAccess: Bool
    let session: SessionNeed
    /// Whether its calls count in their sessions, and begin them.
    let countsCalls: Bool
    /// Whether what others say in header fields may stand in the query: browsers can set none for a WebSocket.
    let takesParameters: Bool
    /// How long its header fields may be.
    let limits: [MemberLimit]
    /// What it refuses before the call counts.
    let refuses: @Sendable (OpenCall) -> LineExit?
    let perform: Perform

    init(
        name: String, routes: [Route], isOfAnAgent: Bool = true, needsAccess: Bool, session: SessionNeed,
        countsCalls: Bool = false,
        takesParameters: Bool = false, limits: [MemberLimit] = MemberLimit.invocation,
        refuses: @escaping @Sendable (OpenCall) -> LineExit? = { _ in nil },
        perform: @escaping Perform
    ) {
        self.name = name
        action = "bedrock-agentcore:\(name)"
        self.routes = routes
        self.isOfAnAgent = isOfAnAgent
        self.needsAccess = needsAccess
        self.session = session
        self.countsCalls = countsCalls
        self.takesParameters = takesParameters
        self.limits = limits
        self.refuses = refuses
        self.perform = perform
    }

    static let catalogue: [Operation] = [
        .invokeAgentRuntime,
        .invokeAgentRuntimeWithWebSocketStream,
        .stopRuntimeSession,
        .getAgentCard,
        .getRuntimeProtectedResourceMetadata,
    ]

    /// Operations that a scenario may name already (wire reference 1.1).
    static let notOfferedYet = ["InvokeAgentRuntimeCommand", "InvokeAgentRuntimeCommandShell"]
}

extension Vocabulary {
    /// Every word that a scenario may use. Its faults are judged as if they were armed at this moment; without one, by
    /// whoever arms them.
    package static func complete(faultsArmedAt moment: Instant? = nil) -> Vocabulary {
        Vocabulary(operations: Operation.catalogue.map(\.name) + Operation.notOfferedYet, faultsArmedAt: moment)
    }

    /// What a call in the journal may be of: an agent's operation, the issuer's, or a service's beside the agents'.
    package static let operationsOfCalls =
        complete().operations + IssuerOperation.allCases.map(\.rawValue) + Neighbour.operationNames
}
