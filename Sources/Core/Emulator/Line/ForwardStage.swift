import Access
import Bytes
import Forwarding
import HTTPWire
import Runtime

/// Where calls go that nobody here answers.
package struct ForwardSettings: Sendable {
    /// The service, or one agent behind every ARN.
    package var destination: Destination?
    package var unmatched = Unmatched.pass
    /// Where calls go that are for another service than the agents' and those beside it.
    package var others: Destination?
    /// What signatures for the other side are scoped to, where it is told.
    package var region: String?

    package init() {}

    /// The agent that an entry of the library names goes before all others.
    func destination(of agent: KnownAgent?) -> Destination? {
        unmatched.passes ? agent?.forward ?? destination : nil
    }
}

/// How a call is signed for the other side.
struct ForwardSigning {
    var identity = Identity.Knowledge.unknown
    var region: String?

    /// The region that is told, or that the host names, or the agent's, or the one that was found with the credentials.
    func region(_ call: OpenCall, _ destination: Destination, _ identity: Identity) -> String {
        region ?? destination.region ?? call.agent?.region ?? identity.region ?? "us-east-1"
    }
}

/// Passes a call on. The service gets what the caller sent, an agent what the platform makes of it.
enum ForwardStage {
    /// Nil where there is nobody to pass it on to.
    static func pass(_ call: OpenCall) -> LineExit? {
        guard let destination = call.destination else { return nil }
        switch destination.kind {
        case .service: return serviceExit(call, destination)
        case .agent: return agentRequest(call, destination).map(LineExit.forwarded)
        }
    }

    /// A signature holds for one host, so the service gets a new one; whoever did not sign is not signed for.
    private static func serviceExit(_ call: OpenCall, _ destination: Destination) -> LineExit {
        let isSigned = call.credentials == .signature
        let request = serviceRequest(call, destination, isSigned: isSigned)
        guard isSigned else { return .forwarded(request) }
        switch call.signing.identity {
        case .known(let identity):
            let region = call.signing.region(call, destination, identity)
            identity.sign(request, region: region, at: call.realNow)
            request.secrets = identity.secrets
            return .forwarded(request)
        case .missing(let why): return unsigned(call, why)
        case .unknown: return unsigned(call, "they were not looked for")
        }
    }

    private static func unsigned(_ call: OpenCall, _ why: String) -> LineExit {
        call.refusal(
            .accessDenied,
            "A signed call is passed on with a new signature, and there are no real credentials for it: \(why)")
    }

    private static func serviceRequest(
        _ call: OpenCall, _ destination: Destination, isSigned: Bool
    ) -> PassedRequest {
        let request = call.request
        var fields = PassedFields.ofRequest(request, isSigned: isSigned)
        // Who names no session is told the one that was made up here: it is the same on both sides.
        if call.sessionKey != nil, let session = call.entry.session, call.protocol != .mcp,
            request.place(of: .session) == nil, request.place(of: .mcpSession) == nil
        {
            fields.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session)
        }
        let target = PassedFields.target(request, path: call.path, isSigned: isSigned)
        let passed = PassedRequest(
            destination, method: Array(request.head[request.method]), target: destination.target(of: target),
            fields: fields, body: request.body)
        (passed.aside, passed.bodyDigest) = (request.aside, request.bodyDigest)
        return passed
    }

    /// An agent knows of invocations, and of its card; everything else the platform does itself.
    private static func agentRequest(_ call: OpenCall, _ destination: Destination) -> PassedRequest? {
        let operations: [String: ContainerRequest.Operation] = [
            Operation.getAgentCard.name: .card, Operation.invokeAgentRuntime.name: .invocation,
            Operation.invokeAgentRuntimeWithWebSocketStream.name: .conversation,
        ]
        guard let agent = call.agent, let operation = call.entry.operation.flatMap({ operations[$0] })
        else { return nil }
        let isJWT = if case .jwt = agent.auth { true } else { false }
        let container = ContainerRequest(
            agent.protocol, allowed: agent.settings.requestHeaders, passesAuthorization: isJWT,
            session: call.sessionKey == nil ? nil : call.entry.session,
            id: UUIDText.version4(call.chance.next(), call.chance.next()))
        return container.request(for: call.request, to: destination, operation)
    }

    // MARK: Operations that this version does not know

    /// What stands at a path that no operation answers to, when the service might know one. Nil where nobody is asked.
    static func operation(
        for call: OpenCall, _ agents: inout KnownAgents, _ settings: ForwardSettings
    ) -> Operation? {
        guard settings.unmatched.passes, settings.destination?.kind == .service else { return nil }
        let head = call.request.head
        guard let path = AgentPath(head.span, path: call.path) else { return elsewhere }
        let tail = String(lossy: head[path.tail])
        let operation = tail == "commands" ? command : other
        let qualifier = call.request.parameter("qualifier") ?? "DEFAULT"
        call.entry.qualifier = qualifier
        let account = call.request.placeOfParameter("accountId").map { call.request.head[$0] }
        switch agents.find(segment: call.request.head[path.agent], account: account) {
        case .known(let agent): call.found(agent, operation, qualifier: qualifier)
        case .unknown(let name): call.entry.agent = name
        case .accountMissing, .accountMalformed: return nil
        }
        if operation === other { call.entry.operation = nil }
        return operation
    }

    private static let command = Operation(
        name: "InvokeAgentRuntimeCommand", routes: [], needsAccess: true, session: .optional, countsCalls: true,
        limits: MemberLimit.command, perform: passOn)
    /// Another one of an agent.
    private static let other = Operation(
        name: "*", routes: [], needsAccess: true, session: .none, perform: passOn)
    /// One that is of no agent's.
    private static let elsewhere = Operation(
        name: "*", routes: [], isOfAnAgent: false, needsAccess: true, session: .none, perform: passOn)

    private static let passOn: Operation.Perform = { call, _, _ in
        pass(call) ?? call.refusal(.resourceNotFound)
    }
}

/// What becomes of a call that no rule and no recording answers.
package enum Unmatched: String, CaseIterable, Sendable {
    case refuse
    case pass
    case record

    /// Whether it goes to the other side, where there is one.
    package var passes: Bool { self != .refuse }
}
