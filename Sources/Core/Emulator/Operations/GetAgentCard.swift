import Bytes
import HTTPWire
import JSON
import Runtime

extension Operation {
    /// The card of an A2A agent: a rule's, or one that says what the library knows.
    static let getAgentCard = Operation(
        name: "GetAgentCard", routes: [Route(method: "GET", tail: "invocations/.well-known/agent-card.json")],
        needsAccess: true, session: .optional
    ) { (visit, understudy) throws(Interruption) in
        if let response = try understudy.scripted(&visit) { return response }
        guard let agent = visit.agent, agent.protocol == .a2a else {
            throw visit.refusal(.runtimeClient, AgentFailure.message(status: 404))
        }
        return Response(status: 200, contentType: "application/json", body: card(of: agent, visit).compact)
    }

    private static func card(of agent: KnownAgent, _ visit: borrowing Visit) -> Value {
        let name = String(agent.id.split(separator: "-").first ?? "agent")
        let path = String(lossy: visit.call.request.head[visit.path])
        let url = visit.base + path.prefix(path.count - ".well-known/agent-card.json".count)
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
