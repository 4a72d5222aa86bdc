import HTTPWire
import Runtime

extension Operation {
    /// The call that everything is about: the first rule that matches answers.
    static let invokeAgentRuntime = Operation(
        name: "InvokeAgentRuntime",
        // An A2A card's `url` ends in a slash, and clients POST there.
        routes: [Route(method: "POST", tail: "invocations"), Route(method: "POST", tail: "invocations/")],
        needsAccess: true, session: .optional
    ) { (visit, understudy) throws(Interruption) in
        if visit.protocol == .mcp, !acceptsBoth(visit.call.request) { throw visit.refusal(.mcpRequestUnacceptable) }
        guard let response = try understudy.scripted(&visit) else { throw understudy.nothingMatched(visit) }
        return response
    }

    /// The MCP specification, "Sending Messages to the Server": "The client MUST include an Accept header, listing both
    /// application/json and text/event-stream as supported content types."
    private static func acceptsBoth(_ request: Request) -> Bool {
        let accepted = (request.text(of: "accept") ?? "").lowercased().split(separator: ",")
        let types = accepted.map { $0.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" } }
        return types.contains("application/json") && types.contains("text/event-stream")
    }
}
