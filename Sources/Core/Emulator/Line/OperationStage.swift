import Bytes
import HTTPWire
import Runtime

/// Operation ← path, and the agent in it. What no operation answers to is told which paths there are.
enum OperationStage {
    enum Finding {
        case found(Operation)
        case nowhere(LineExit)
        /// No operation that this version knows.
        case unknown(LineExit)
    }

    static func find(_ call: OpenCall, _ agents: inout KnownAgents) -> Finding {
        let finding = lookUp(call, &agents)
        if case .found(let operation) = finding {
            noteSession(call)
            if operation.takesParameters, call.entry.session == nil { noteSessionParameter(call) }
        }
        return finding
    }

    private static func noteSessionParameter(_ call: OpenCall) {
        let name = Array(KnownField.session.name.description.utf8)
        call.entry.session = call.request.parameter(caseless: name).map { String(lossy: $0) }
    }

    /// For the journal, also of a call that is refused before anybody looks at its session.
    static func noteSession(_ call: OpenCall) {
        call.entry.session = call.request.text(of: .session)
        if call.protocol == .mcp {
            call.entry.session = call.request.text(of: .mcpSession) ?? call.entry.session
        }
    }

    private static func lookUp(_ call: OpenCall, _ agents: inout KnownAgents) -> Finding {
        if let known = agents.target(of: call.request, path: call.path.lowerBound) {
            call.found(known.agent, known.operation, qualifier: known.qualifier)
            return .found(known.operation)
        }
        let head = call.request.head
        guard let path = AgentPath(head.span, path: call.path) else {
            return .unknown(nothingThere(call.request, call.path))
        }
        let finding = operation(at: path.tail, of: call.request, call.path)
        guard case .found(let operation) = finding else { return finding }
        call.entry.operation = operation.name
        let qualifier = call.request.parameter("qualifier") ?? "DEFAULT"
        call.entry.qualifier = qualifier
        switch agents.find(
            segment: call.request.head[path.agent],
            account: call.request.placeOfParameter("accountId").map { call.request.head[$0] })
        {
        case .known(let agent):
            call.found(agent, operation, qualifier: qualifier)
            agents.remember(
                operation, agent, qualifier: qualifier, for: call.request, path: call.path.lowerBound)
        case .unknown(let name): call.entry.agent = name
        case .accountMissing:
            return .nowhere(
                call.refusal(
                    Violation(
                        "accountID required: an agent id in the path needs the accountId query parameter",
                        reason: .fieldValidationFailed)))
        case .accountMalformed: return .nowhere(call.refusal(.accountMalformed))
        }
        return finding
    }

    /// Refused when nothing is at this path, or when something is, but not for this method.
    private static func operation(
        at tail: Range<Int>, of request: borrowing Request, _ path: Range<Int>
    ) -> Finding {
        let bytes = request.head.span
        var here: [Route] = []
        for operation in Operation.catalogue {
            for route in operation.routes where route.hasTail(tail, in: bytes) {
                if request.isMethod(route.method) || route.isRead && request.isMethod("HEAD") {
                    return .found(operation)
                }
                here.append(route)
            }
        }
        return .unknown(here.isEmpty ? nothingThere(request, path) : wrongMethod(request, here))
    }

    private static func nothingThere(_ request: borrowing Request, _ path: Range<Int>) -> LineExit {
        .answered(
            ServiceResponse(
                ErrorAnswer(
                    status: 404, errorType: "UnknownOperationException",
                    message: WrongDoor.message(for: request, path: path))))
    }

    /// RFC 9110 15.5.6: "The origin server MUST generate an Allow header field in a 405 response containing a list of
    /// the target resource's currently supported methods." HEAD is one where GET is; OPTIONS is answered everywhere.
    private static func wrongMethod(_ request: borrowing Request, _ routes: [Route]) -> LineExit {
        let methods = routes.map(\.method.description) + (routes.contains { $0.isRead } ? ["HEAD"] : [])
        let allowed = Set(methods).sorted() + ["OPTIONS"]
        var response = ServiceResponse(
            ErrorAnswer(
                status: 405, errorType: "UnknownOperationException",
                message: "\(request.methodText) is no operation on this path: it takes "
                    + allowed.joined(separator: ", ")))
        response.fields.add("Allow", allowed.joined(separator: ", "))
        return .answered(response)
    }
}
