/// The actions that IAM knows of the service's data plane, and of the services beside it; a credential may be denied them.
package enum IAMAction {
    package static let all = [
        "InvokeAgentRuntime", "InvokeAgentRuntimeForUser", "InvokeAgentRuntimeCommand",
        "InvokeAgentRuntimeCommandShell",
        "InvokeAgentRuntimeWithWebSocketStream", "InvokeAgentRuntimeProxy", "StopRuntimeSession", "GetAgentCard",
    ].map { "bedrock-agentcore:\($0)" }

    package static let neighbours = [
        "sts:GetCallerIdentity", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath",
        "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents",
        "xray:PutTraceSegments",
    ]
}

/// A library knows keys, not users: the key stands for the user, or for the session of a role.
package enum CallerARN {
    package static func text(accessKeyId: String, isTemporary: Bool, account: String) -> String {
        isTemporary
            ? "arn:aws:sts::\(account):assumed-role/understudy/\(accessKeyId)"
            : "arn:aws:iam::\(account):user/\(accessKeyId)"
    }
}
