import HTTPWire

/// The header fields that mean something to the service or to Understudy, and those that nearly every request has. They
/// are found while a head is read; a name that is missing here is only slower to find.
extension KnownField {
    package static var host: KnownField { KnownField(0, "host") }
    package static var authorization: KnownField { KnownField(1, "authorization") }
    package static var contentType: KnownField { KnownField(2, "content-type") }
    package static var contentLength: KnownField { KnownField(3, "content-length") }
    package static var accept: KnownField { KnownField(4, "accept") }
    package static var acceptEncoding: KnownField { KnownField(5, "accept-encoding") }
    package static var userAgent: KnownField { KnownField(6, "user-agent") }
    package static var connection: KnownField { KnownField(7, "connection") }
    package static var origin: KnownField { KnownField(8, "origin") }
    package static var date: KnownField { KnownField(9, "date") }

    package static var amzDate: KnownField { KnownField(10, "x-amz-date") }
    package static var amzSecurityToken: KnownField { KnownField(11, "x-amz-security-token") }
    package static var amzContentHash: KnownField { KnownField(12, "x-amz-content-sha256") }
    package static var amzTarget: KnownField { KnownField(13, "x-amz-target") }
    package static var amzInvocation: KnownField { KnownField(14, "amz-sdk-invocation-id") }
    package static var amzAttempt: KnownField { KnownField(15, "amz-sdk-request") }

    package static var session: KnownField { KnownField(16, "x-amzn-bedrock-agentcore-runtime-session-id") }
    package static var user: KnownField { KnownField(17, "x-amzn-bedrock-agentcore-runtime-user-id") }
    package static var mcpSession: KnownField { KnownField(18, "mcp-session-id") }
    package static var amznTrace: KnownField { KnownField(19, "x-amzn-trace-id") }
    package static var traceParent: KnownField { KnownField(20, "traceparent") }
    package static var traceState: KnownField { KnownField(21, "tracestate") }
    package static var baggage: KnownField { KnownField(22, "baggage") }

    package static var space: KnownField { KnownField(23, "x-understudy-space") }
    package static var fault: KnownField { KnownField(24, "x-understudy-fault") }

    package static var requestedMethod: KnownField { KnownField(25, "access-control-request-method") }
    package static var requestedHeaders: KnownField { KnownField(26, "access-control-request-headers") }

    package static var mcpVersion: KnownField { KnownField(27, "mcp-protocol-version") }
    package static var mcpMethod: KnownField { KnownField(28, "mcp-method") }
    package static var mcpName: KnownField { KnownField(29, "mcp-name") }
}

extension KnownFields {
    package static let understudy = KnownFields([
        .host, .authorization, .contentType, .contentLength, .accept, .acceptEncoding, .userAgent, .connection, .origin,
        .date, .amzDate, .amzSecurityToken, .amzContentHash, .amzTarget, .amzInvocation, .amzAttempt, .session, .user,
        .mcpSession, .amznTrace, .traceParent, .traceState, .baggage, .space, .fault, .requestedMethod,
        .requestedHeaders, .mcpVersion, .mcpMethod, .mcpName,
    ])
}
