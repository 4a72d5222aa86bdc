import Access
import Bytes
import HTTPWire
import JSON
import Journal
import Runtime
import Time

/// Who may call. A caller of an agent that nobody knows has to be somebody all the same, as far as that can be told.
enum AccessStage {
    static func admit(
        _ call: OpenCall, to operation: Operation, _ gate: inout Gate, _ settings: Understudy.Settings
    ) -> LineExit? {
        guard operation.needsAccess else { return nil }
        guard settings.checksAccess else {
            call.entry.auth = .init(scheme: "off", verdict: .unchecked)
            return nil
        }
        if isForOthersToJudge(call) {
            call.entry.auth = .init(scheme: "jwt", verdict: .unchecked, why: "the token is passed on as it came")
            return nil
        }
        let question = Gate.Question(
            request: operation.takesParameters ? BrowserToken.shown(call.request) : call.request,
            auth: call.agent?.auth ?? .any, dialect: call.agent?.dialect ?? .y2025,
            region: call.agent?.region, action: operation.action, resource: call.entry.agent ?? "*",
            space: call.space.name, issuer: call.space.issuer, times: call.accessTimes, documents: call.documents,
            echoesSignatures: settings.echoesSignatures)
        if call.agent == nil, question.presents == .bearer { return nil }
        switch gate.judge(question) {
        case .needs(let url): return .needs(url: url)
        case .allowed(let grant):
            call.entry.auth = .init(scheme: grant.scheme, verdict: .allowed, why: grant.why)
            call.entry.principal = grant.principal
            call.entry.token = grant.token.map(Call.Token.init)
            return nil
        case .elsewhere(let grant):
            call.entry.auth = .init(scheme: grant.scheme, verdict: .allowed, why: grant.why)
            call.entry.principal = grant.principal
            return EndpointStage.notFound(call)
        case .refused(let denial):
            call.entry.auth = denial.entry
            call.entry.principal = denial.principal
            call.entry.token = denial.token.map(Call.Token.init)
            return .answered(ServiceResponse(denial, for: call, resource: call.protectedResource(gate)))
        }
    }
}

extension AccessStage {
    /// A bearer token is judged where the agent's entry says by whom; elsewhere it is passed on, where calls are. An agent
    /// judges nobody: in front of one, a token is as good as what its entry says of signatures.
    private static func isForOthersToJudge(_ call: OpenCall) -> Bool {
        guard let destination = call.destination, call.credentials == .bearer else {
            return false
        }
        switch call.agent?.auth ?? .any {
        case .any: return true
        case .sigv4: return destination.kind == .service
        case .jwt, .none: return false
        }
    }
}

/// What the caller and the journal are told when access is refused.
extension ServiceResponse {
    fileprivate init(_ denial: Denial, for call: OpenCall, resource: ProtectedResource?) {
        if denial.envelope == .ofProtocol {
            self.init(call.errorAnswer(.accessDenied, denial.message))
            why = nil
            return
        }
        let message = Value.string(denial.message)
        let (body, errorType): (Value, String?) =
            switch denial.envelope {
            case .native: (.object([.init("message", message)]), denial.errorType)
            case .bare, .ofProtocol: (.object([.init("message", message)]), nil)
            case .jsonRPC(let code): (Self.jsonRPC(code: code, message: message), nil)
            }
        // An AG-UI caller expects an event whatever happened (wire reference 7).
        if call.protocol == .agui, let error = ServiceError.catalogue.first(where: { $0.status == denial.status }) {
            self.init(ErrorAnswer(error, message: denial.message, for: .agui))
        } else {
            self.init(ErrorAnswer(status: denial.status, errorType: errorType, body: body.compact))
        }
        // The journal tells the gate's own reason.
        why = nil
        if denial.pointsToMetadata, let resource { fields.add("WWW-Authenticate", resource.challenge) }
    }

    /// Observed twice: the `id` is the string "null".
    private static func jsonRPC(code: Int, message: Value) -> Value {
        .object([
            .init("jsonrpc", .string("2.0")),
            .init("error", .object([.init("code", .number(String(code))), .init("message", message)])),
            .init("id", .string("null")),
        ])
    }
}

extension Call.Token {
    fileprivate init(_ token: PresentedToken) {
        self.init(id: token.id, issuedAt: token.issuedAt, expires: token.expires)
    }
}

extension Denial {
    var entry: Call.Auth {
        var entry = Call.Auth(scheme: scheme, verdict: .refused, why: why)
        entry.canonicalRequest = canonicalRequest
        entry.stringToSign = stringToSign
        return entry
    }
}
