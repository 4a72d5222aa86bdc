import Access
import Bytes
import HTTPWire
import Runtime
import Rules
import Time

/// The stages of the straight line, in its order.
extension Understudy {
    /// Operation ← path. What no operation answers to is a wrong door, and says which doors there are.
    func operation(_ visit: inout Visit) throws(Interruption) -> Operation {
        let operation: Operation
        if let door = doors.door(for: visit.call.request, path: visit.path.lowerBound) {
            operation = door.operation
            visit.found(door.agent, operation, qualifier: door.qualifier)
        } else {
            operation = try firstOperation(&visit)
        }
        // For the journal, also of a call that is refused before anybody looks at its session.
        visit.call.session = visit.call.request.text(of: MemberLimit.runtimeSession.header)
        if visit.protocol == .mcp {
            visit.call.session = visit.call.request.text(of: "mcp-session-id") ?? visit.call.session
        }
        return operation
    }

    /// The same for a request line that was not there before.
    private func firstOperation(_ visit: inout Visit) throws(Interruption) -> Operation {
        guard let path = AgentPath(visit.call.request.head.span, path: visit.path),
            let operation = try operation(at: path.tail, of: visit.call.request)
        else { throw wrongDoor(visit.call.request) }
        visit.call.operation = operation.name
        let qualifier = visit.call.request.parameter("qualifier") ?? "DEFAULT"
        visit.call.qualifier = qualifier
        guard let agent = try findAgent(&visit, segment: visit.call.request.head[path.agent]) else { return operation }
        visit.found(agent, operation, qualifier: qualifier)
        doors.remember(operation, agent, qualifier: qualifier, for: visit.call.request, path: visit.path.lowerBound)
        return operation
    }

    /// Nil when nothing is at this path; refused when something is, but not for this method.
    private func operation(at tail: Range<Int>, of request: Request) throws(Interruption) -> Operation? {
        let bytes = request.head.span
        var here: [Route] = []
        for operation in Operation.catalogue {
            for route in operation.routes where route.hasTail(tail, in: bytes) {
                if request.isMethod(route.method) || route.isRead && request.isMethod("HEAD") { return operation }
                here.append(route)
            }
        }
        if here.isEmpty { return nil }
        throw wrongMethod(request, here)
    }

    private func findAgent(
        _ visit: inout Visit, segment: ArraySlice<UInt8>
    ) throws(Interruption) -> KnownAgent? {
        let account = visit.call.request.placeOfParameter("accountId")
        switch directory.find(segment: segment, account: account.map { visit.call.request.head[$0] }) {
        case .known(let agent): return agent
        case .unknown(let name):
            visit.call.agent = name
            return nil
        case .accountMissing:
            throw visit.refusal(
                .validation, "accountID required: an agent id in the path needs the accountId query parameter")
        }
    }

    /// Access. A caller of an agent that nobody knows has to be somebody all the same, as far as that can be told.
    func admit(_ visit: inout Visit, to operation: Operation) throws(Interruption) {
        guard operation.needsAccess else { return }
        guard settings.checksAccess else {
            visit.call.auth = .init(scheme: "off", verdict: .unchecked)
            return
        }
        let question = Gate.Question(
            request: visit.call.request, auth: visit.agent?.auth ?? .any, dialect: visit.agent?.dialect ?? .y2025,
            region: visit.agent?.reference.region, action: operation.action, resource: visit.call.agent ?? "*",
            now: visit.now + visit.skew, echoesSignatures: settings.echoesSignatures)
        if visit.agent == nil, question.presents == .bearer { return }
        switch gate.judge(question) {
        case .needs(let url): throw .needs(url: url)
        case .allowed(let grant):
            visit.call.auth = .init(scheme: grant.scheme, verdict: .allowed, why: grant.why)
            visit.call.principal = grant.principal
        case .refused(let denial):
            visit.call.auth = denial.entry
            visit.call.principal = denial.principal
            throw .answered(Response(denial, for: visit, resource: protectedResource(visit)))
        }
    }

    func checkEndpoint(_ visit: borrowing Visit) throws(Interruption) {
        let qualifier = visit.call.qualifier ?? "DEFAULT"
        if let agent = visit.agent, agent.hasEndpoint(qualifier) { return }
        throw visit.refusal(
            .resourceNotFound,
            "No endpoint or agent found with qualifier '\(qualifier)' for agent \(visit.call.agent ?? "")")
    }

    /// The session: the header's id within the model's limits, or a new one.
    func openSession(_ visit: inout Visit, for operation: Operation) throws(Interruption) {
        guard operation.session != .none, let agent = visit.agent else { return }
        if let complaint = MemberLimit.complaint(about: visit.call.request) {
            throw visit.refusal(.validation, complaint, extra: [.init("reason", .string("FieldValidationFailed"))])
        }
        visit.call.user = visit.call.request.text(of: "x-amzn-bedrock-agentcore-runtime-user-id")
        let id = visit.call.session
        if id == nil, operation.session == .required {
            throw visit.refusal(
                .validation,
                "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
                    + "Member must not be null", extra: [.init("reason", .string("FieldValidationFailed"))])
        }
        let session = id ?? UUIDText.version4(visit.chance.next(), visit.chance.next())
        visit.call.session = session
        visit.sessionKey = Sessions.Key(agent: agent.arn, id: session)
    }

    private func wrongDoor(_ request: Request) -> Interruption {
        .answered(
            Response(
                ErrorAnswer(
                    status: 404, errorType: "UnknownOperationException",
                    message: "No operation answers \(request.methodText) \(request.pathText). An agent is called with "
                        + "POST /runtimes/{ARN, percent-encoded}/invocations; the server's own calls are below "
                        + "/_understudy.")))
    }

    private func wrongMethod(_ request: Request, _ routes: [Route]) -> Interruption {
        let allowed = Set(routes.map(\.method.description)).sorted() + ["OPTIONS"]
        var response = Response(
            ErrorAnswer(
                status: 405, errorType: "UnknownOperationException",
                message: "\(request.methodText) is no operation on this path: it takes "
                    + allowed.joined(separator: ", ")))
        response.fields.add("Allow", allowed.joined(separator: ", "))
        return .answered(response)
    }
}

extension MemberLimit {
    fileprivate static func complaint(about request: Request) -> String? {
        for limit in invocation {
            if let place = request.place(of: limit.header), let complaint = limit.complaint(about: place.count) {
                return complaint
            }
        }
        return nil
    }
}
