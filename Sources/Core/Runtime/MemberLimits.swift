/// The headers whose length the service's model limits, with the names its validation errors use (wire reference 1.3).
package struct MemberLimit: Sendable {
    package let header: StaticString
    package let member: StaticString
    package let shortest: Int
    package let longest: Int

    package static let runtimeSession = MemberLimit(
        header: "x-amzn-bedrock-agentcore-runtime-session-id", member: "runtimeSessionId", shortest: 33, longest: 256)
    package static let clientToken = MemberLimit(header: "", member: "clientToken", shortest: 33, longest: 256)

    package static let invocation: [MemberLimit] = [
        runtimeSession,
        MemberLimit(header: "content-type", member: "contentType", shortest: 1, longest: 256),
        MemberLimit(header: "accept", member: "accept", shortest: 1, longest: 256),
        MemberLimit(
            header: "x-amzn-bedrock-agentcore-runtime-user-id", member: "runtimeUserId", shortest: 1, longest: 1_024),
        MemberLimit(header: "mcp-session-id", member: "mcpSessionId", shortest: 1, longest: 1_024),
        MemberLimit(header: "x-amzn-trace-id", member: "traceId", shortest: 0, longest: 128),
        MemberLimit(header: "traceparent", member: "traceParent", shortest: 0, longest: 128),
        MemberLimit(header: "tracestate", member: "traceState", shortest: 0, longest: 512),
        MemberLimit(header: "baggage", member: "baggage", shortest: 0, longest: 8_192),
    ]

    /// The service's own sentence, or nil for a length that it accepts.
    package func complaint(about length: Int) -> String? {
        if length < shortest { return sentence("greater than or equal to \(shortest)") }
        if length > longest { return sentence("less than or equal to \(longest)") }
        return nil
    }

    private func sentence(_ constraint: String) -> String {
        "1 validation error detected: Value at '\(member)' failed to satisfy constraint: "
            + "Member must have length \(constraint)"
    }
}
