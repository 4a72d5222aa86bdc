import HTTPWire
import Runtime
import Rules
import Library

extension Operation {
    /// The call that everything is about: the first rule that matches answers.
    static let invokeAgentRuntime = Operation(
        name: "InvokeAgentRuntime",
        // An A2A card's `url` ends in a slash, and clients POST there.
        routes: [Route(method: "POST", tail: "invocations"), Route(method: "POST", tail: "invocations/")],
        needsAccess: true, session: .optional, countsCalls: true,
        refuses: { call in
            call.protocol == .mcp && !acceptsBoth(call.request) ? call.refusal(.mcpRequestUnacceptable) : nil
        }
    ) { call, library, _ in
        switch RuleStage.answer(call, library) {
        case .reply(let response): .answered(response)
        case .nothing(let misses):
            switch ReplayStage.answer(call, library) {
            case .reply(let response): .answered(response)
            case .nothing(let miss):
                ForwardStage.pass(call)
                    ?? call.refusal(nearest: misses, miss, libraryHasRules: library.rules.count > 0)
            }
        }
    }

    /// The MCP specification, "Sending Messages to the Server": "The client MUST include an Accept header, listing both
    /// application/json and text/event-stream as supported content types."
    private static func acceptsBoth(_ request: Request) -> Bool {
        let accepted = (request.text(of: .accept) ?? "").lowercased().split(separator: ",")
        let types = accepted.map { $0.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" } }
        return types.contains("application/json") && types.contains("text/event-stream")
    }
}

extension OpenCall {
    /// A call that the library has no answer for is a mistake in the library or the client: it says which rules and which
    /// recorded call were nearest, and why each of them failed.
    func refusal(nearest misses: [NearMiss], _ replayMiss: String?, libraryHasRules: Bool) -> LineExit {
        entry.isUnmatched = true
        let target = Target(agent: agent?.id ?? "", arn: entry.agent ?? "", qualifier: endpoint)
        let rules = NearMisses.message(misses, for: target, libraryHasRules: libraryHasRules)
        guard let replayMiss else { return refusal(.resourceNotFound, rules) }
        return refusal(.resourceNotFound, libraryHasRules ? "\(replayMiss) \(rules)" : replayMiss)
    }
}
