import Bytes
import HTTPWire
import Runtime

/// What the platform asks an agent's container for (wire reference 3.5, 3.6 and 10): a request of its own, with what of
/// the caller's fields is meant for agents.
package struct ContainerRequest {
    package enum Operation: Sendable { case invocation, card, conversation }

    package var `protocol`: AgentProtocol
    /// The allow-list of the agent's entry; a name may end in `*`.
    package var allowed: [String]
    /// "`Authorization` is forwarded only when the runtime has a JWT authorizer and `Authorization` is in the allow-list".
    package var passesAuthorization: Bool
    package var session: String?
    /// The name that the platform gives the call.
    package var id: String

    package init(
        _ protocol: AgentProtocol, allowed: [String]?, passesAuthorization: Bool, session: String?, id: String
    ) {
        self.protocol = `protocol`
        self.allowed = (allowed ?? []).map { $0.lowercased() }
        self.passesAuthorization = passesAuthorization
        self.session = session
        self.id = id
    }

    /// Fields of the caller's that mean something to every agent.
    private static let passed: [StaticString] = [
        "accept", "baggage", "content-type", "mcp-method", "mcp-name", "mcp-protocol-version", "traceparent",
        "tracestate", "x-amz-bedrock-agentcore-identity-wat", "x-amzn-trace-id",
    ]

    /// "MCP 8000 `/mcp`, A2A 9000 `/`", `/ws` for conversations (wire reference 10); the card of an A2A agent stands where its
    /// protocol says.
    package func path(_ operation: Operation) -> StaticString {
        switch (operation, self.protocol) {
        case (.card, _): "/.well-known/agent-card.json"
        case (.conversation, _): "/ws"
        case (.invocation, .a2a): "/"
        case (.invocation, .mcp): "/mcp"
        case (.invocation, .http), (.invocation, .agui): "/invocations"
        }
    }

    package func request(
        for call: borrowing Request, to destination: Destination, _ operation: Operation
    ) -> PassedRequest {
        let path = path(operation)
        let bytes = UnsafeBufferPointer(start: path.utf8Start, count: path.utf8CodeUnitCount)
        let request = PassedRequest(
            destination, method: Array(call.head[call.method]), target: destination.target(of: Array(bytes)),
            fields: fields(of: call), body: call.body)
        request.aside = call.aside
        return request
    }

    private func fields(of call: borrowing Request) -> FieldBlock {
        let head = call.head
        var block = FieldBlock()
        for field in call.fields where passes(head.span.extracting(field.name), String(lossy: head[field.name])) {
            block.add(name: head[field.name], value: head[field.value])
        }
        // Observed: a container whose caller names no type "sees `application/octet-stream`".
        if !call.body.isEmpty, call.place(of: .contentType) == nil {
            block.add("Content-Type", "application/octet-stream")
        }
        if let session {
            block.add("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", session)
            if self.protocol == .mcp { block.add("Mcp-Session-Id", session) }
        }
        block.add("X-Amzn-Bedrock-AgentCore-Runtime-Request-Id", id)
        block.add("Accept-Encoding", "identity")
        return block
    }

    private func passes(_ name: Span<UInt8>, _ text: @autoclosure () -> String) -> Bool {
        for always in Self.passed where ASCII.equals(name, lowercase: always) { return true }
        guard !allowed.isEmpty else { return false }
        let lower = text().lowercased()
        if lower == "authorization", !passesAuthorization { return false }
        // The service's own fields are written above, and only these of its kin are the caller's.
        let isReserved =
            lower.hasPrefix("x-amz")
            && !lower.hasPrefix("x-amzn-bedrock-agentcore-runtime-custom-")
        if isReserved || lower.hasPrefix("x-understudy-") { return false }
        return allowed.contains { name in
            name.hasSuffix("*") ? lower.hasPrefix(String(name.dropLast())) : lower == name
        }
    }
}
