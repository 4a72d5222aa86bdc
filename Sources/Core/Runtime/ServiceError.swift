/// The errors of the service, one line each, with what each protocol makes of them (wire reference 2.2 and 7).
package struct ServiceError: Equatable, Sendable {
    package struct Numbered: Equatable, Sendable {
        package var code: Int
        package var status: Int
        package var message: String
    }

    package var name: String
    package var status: Int
    package var message: String
    /// JSON-RPC as an MCP agent's caller sees it.
    package var mcp: Numbered
    /// JSON-RPC as an A2A agent's caller sees it, by the documents of 2026; nil where the native shape stays.
    private var a2a: Numbered?
    /// The code of an AG-UI `RUN_ERROR` event and the status that carries it.
    package var agui: (code: String, status: Int)

    package static func == (left: ServiceError, right: ServiceError) -> Bool { left.name == right.name }

    /// The documents of 2025 had -32501 to -32505 where those of 2026 have -32051 to -32055 (wire reference, C4). Unless
    /// an agent's entry says `2025`, they are those of 2026.
    package func a2a(_ dialect: Dialect?) -> Numbered? {
        guard var numbered = a2a else { return nil }
        if dialect == .y2025, (-32_055 ... -32_051).contains(numbered.code) { numbered.code -= 450 }
        return numbered
    }

    package static func named(_ name: String) -> ServiceError? { catalogue.first { $0.name == name } }
}

extension ServiceError {
    package static let validation = ServiceError(
        "ValidationException", 400, "Invalid request data or parameters",
        mcp: (-32006, 200, "Validation error - Invalid request data"),
        a2a: (-32052, 400, "Validation error - Invalid request data"), agui: ("VALIDATION_ERROR", 400))
    package static let unauthorized = ServiceError(
        "UnauthorizedException", 401, "Authentication required or invalid credentials",
        mcp: (-32001, 401, "Authentication error - Invalid credentials"),
        a2a: (-32001, 401, "Authentication error - Invalid credentials"), agui: ("UNAUTHORIZED", 401))
    package static let serviceQuotaExceeded = ServiceError(
        "ServiceQuotaExceededException", 402, "Request would exceed a service quota",
        mcp: (-32003, 200, "Rate limit exceeded - Too many requests"),
        a2a: (-32053, 429, "Rate limit exceeded - Too many requests"), agui: ("SERVICE_QUOTA_EXCEEDED", 429))
    package static let accessDenied = ServiceError(
        "AccessDeniedException", 403, "Insufficient permissions for the requested operation",
        mcp: (-32002, 403, "Authorization error - Insufficient permissions"), a2a: nil, agui: ("ACCESS_DENIED", 403))
    package static let resourceNotFound = ServiceError(
        "ResourceNotFoundException", 404, "Requested resource does not exist",
        mcp: (-32004, 200, "Resource not found - Requested resource does not exist"),
        a2a: (-32051, 404, "Resource not found - Requested resource does not exist"),
        agui: ("RESOURCE_NOT_FOUND", 404))
    package static let mcpRequestUnacceptable = ServiceError(
        "McpRequestUnacceptableException", 406, "Not Acceptable",
        mcp: (
            -32011, 406,
            "Accept Header Error - MCP protocol requires Accept header: application/json, text/event-stream"
        ), a2a: nil, agui: ("VALIDATION_ERROR", 406))
    package static let conflict = ServiceError(
        "ConflictException", 409, "Resource conflict - Resource already exists",
        mcp: (-32005, 200, "Resource conflict - Resource already exists"),
        a2a: (-32054, 409, "Resource conflict - Resource already exists"), agui: ("SESSION_BUSY", 409))
    package static let retryableConflict = ServiceError(
        "RetryableConflictException", 409, "Session operation in progress, please retry",
        mcp: (-32005, 200, "Session operation in progress, please retry"),
        a2a: (-32054, 409, "Session operation in progress, please retry"), agui: ("SESSION_BUSY", 409))
    package static let runtimeClient = ServiceError(
        "RuntimeClientError", 424,
        "Received error (500) from runtime. Please check your CloudWatch logs for more information.",
        mcp: (-32010, 200, "Tool execution error - Please check your CloudWatch logs for more information"),
        a2a: (-32055, 424, "Runtime client error - Please check your CloudWatch logs for more information"),
        agui: ("AGENT_ERROR", 200))
    package static let throttling = ServiceError(
        "ThrottlingException", 429, "Too many requests - the request rate limit was exceeded",
        mcp: (-32003, 200, "Rate limit exceeded - Too many requests"),
        a2a: (-32053, 429, "Rate limit exceeded - Too many requests"), agui: ("RATE_LIMIT_EXCEEDED", 429))
    package static let internalServer = ServiceError(
        "InternalServerException", 500, "An unexpected error occurred while processing the request",
        mcp: (-32603, 200, "Internal error - Server error"),
        a2a: (-32603, 500, "Internal error - An unexpected error occurred while processing the request"),
        agui: ("INTERNAL_ERROR", 500))
    package static let serviceUnavailable = ServiceError(
        "ServiceUnavailableException", 503, "The service is temporarily unavailable",
        mcp: (-32603, 503, "Internal error - Server error"),
        a2a: (-32603, 503, "Internal error - An unexpected error occurred while processing the request"),
        agui: ("INTERNAL_ERROR", 503))
    package static let gatewayTimeout = ServiceError(
        "GatewayTimeout", 504, "Gateway Timeout",
        mcp: (-32603, 504, "Internal error - Server error"),
        a2a: (-32603, 504, "Internal error - An unexpected error occurred while processing the request"),
        agui: ("INTERNAL_ERROR", 504))

    package static let catalogue: [ServiceError] = [
        validation, unauthorized, serviceQuotaExceeded, accessDenied, resourceNotFound, mcpRequestUnacceptable,
        conflict, retryableConflict, runtimeClient, throttling, internalServer, serviceUnavailable, gatewayTimeout,
    ]

    private init(
        _ name: String, _ status: Int, _ message: String, mcp: (Int, Int, String), a2a: (Int, Int, String)?,
        agui: (String, Int)
    ) {
        self.name = name
        self.status = status
        self.message = message
        self.mcp = Numbered(code: mcp.0, status: mcp.1, message: mcp.2)
        self.a2a = a2a.map { Numbered(code: $0.0, status: $0.1, message: $0.2) }
        self.agui = (code: agui.0, status: agui.1)
    }
}
