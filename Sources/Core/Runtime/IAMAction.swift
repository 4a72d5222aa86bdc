/// The actions that IAM knows of the service's data plane; a credential may be denied them.
package enum IAMAction {
    package static let all = [
        "InvokeAgentRuntime", "InvokeAgentRuntimeForUser", "InvokeAgentRuntimeCommand",
        "InvokeAgentRuntimeCommandShell",
        "InvokeAgentRuntimeWithWebSocketStream", "InvokeAgentRuntimeProxy", "StopRuntimeSession", "GetAgentCard",
    ].map { "bedrock-agentcore:\($0)" }
}
