import Bytes
import HTTPWire
import JSON
import Runtime

extension Operation {
    /// The card of an A2A agent: a rule's, or one that says what the library knows.
    static let getAgentCard = Operation(
        name: "GetAgentCard", routes: [Route(method: "GET", tail: "invocations/.well-known/agent-card.json")],
        needsAccess: true, session: .optional, countsCalls: true
    ) { call, library, _ in
        if case .reply(let response) = RuleStage.answer(call, library) { return .answered(response) }
        if case .reply(let response) = ReplayStage.answer(call, library) { return .answered(response) }
        if let exit = ForwardStage.pass(call) { return exit }
        guard let agent = call.agent, agent.protocol == .a2a else {
            return call.refusal(.runtimeClient, AgentFailure.message(status: 404))
        }
        return .answered(
            ServiceResponse(status: 200, contentType: "application/json", body: card(of: agent, call).compact))
    }

    private static func card(of agent: KnownAgent, _ call: OpenCall) -> Value {
        let name = String(agent.id.split(separator: "-").first ?? "agent")
        let path = String(lossy: call.request.head[call.path])
        let url = call.base + path.prefix(path.count - ".well-known/agent-card.json".count)
        return .object([
            .init("name", .string(name)), .init("description", .string("The agent \(agent.id)")),
            .init("version", .string("1.0.0")), .init("url", .string(url)),
            .init("protocolVersion", .string("0.3.0")), .init("preferredTransport", .string("JSONRPC")),
            .init("capabilities", .object([.init("streaming", .bool(true))])),
            .init("defaultInputModes", .array([.string("text")])),
            .init("defaultOutputModes", .array([.string("text")])), .init("skills", .array([])),
        ])
    }
}
