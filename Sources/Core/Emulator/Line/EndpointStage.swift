/// The agent has the endpoint that is asked for.
enum EndpointStage {
    static func check(_ call: OpenCall, for operation: Operation) -> LineExit? {
        guard operation.isOfAnAgent else { return nil }
        if let agent = call.agent, agent.hasEndpoint(call.endpoint) { return nil }
        return notFound(call)
    }

    static func notFound(_ call: OpenCall) -> LineExit {
        call.refusal(
            .resourceNotFound,
            "No endpoint or agent found with qualifier '\(call.endpoint)' for agent \(call.entry.agent ?? "")")
    }
}
