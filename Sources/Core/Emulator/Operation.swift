import Runtime

/// One operation of the service: where it is called, who may, and what it does. One file each, below `Operations/`.
final class Operation: Sendable {
    enum SessionNeed: Sendable {
        case none
        /// Allocated when the caller sends none.
        case optional
        case required
    }

    /// The operation's name, and with `bedrock-agentcore:` before it its IAM action.
    let name: String
    let action: String
    let routes: [Route]
    let needsAccess: Bool
    let session: SessionNeed
    let perform: @Sendable (inout Visit, Understudy) throws(Interruption) -> Response

    init(
        name: String, routes: [Route], needsAccess: Bool, session: SessionNeed,
        perform: @escaping @Sendable (inout Visit, Understudy) throws(Interruption) -> Response
    ) {
        self.name = name
        action = "bedrock-agentcore:\(name)"
        self.routes = routes
        self.needsAccess = needsAccess
        self.session = session
        self.perform = perform
    }

    static let catalogue: [Operation] = [
        .invokeAgentRuntime,
        .stopRuntimeSession,
        .getAgentCard,
        .getRuntimeProtectedResourceMetadata,
    ]
}
