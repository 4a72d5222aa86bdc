import Bytes
import HTTPWire
import Library
import Runtime
import SigV4
import Time

/// Callers that sign: the verifier, the library's credentials, and what each of them is denied.
package struct SigV4Scheme {
    private struct Caller {
        var credential: SigningCredential
        /// IAM actions, `*` and `?` allowed, in lower case: "the prefix and the action name are case insensitive".
        var denied: [Glob]
    }

    static let service = "bedrock-agentcore"

    /// Those that calls are passed on with.
    struct Real {
        var accessKeyId: String
        var credential: SigningCredential
    }

    private var callers: [String: Caller] = [:]
    /// Few libraries deny anybody anything.
    private var deniesAny = false
    var real: Real?
    private var verifier = Verifier()

    package init(credentials: [Credential]) {
        for credential in credentials where callers[credential.accessKeyId] == nil {
            callers[credential.accessKeyId] = Caller(
                credential: SigningCredential(
                    secret: credential.secretAccessKey, sessionToken: credential.sessionToken,
                    expires: credential.expires.map(Self.moment)),
                denied: (credential.deny ?? []).map { Glob($0.lowercased()) })
        }
        deniesAny = callers.values.contains { !$0.denied.isEmpty }
    }

    package mutating func judge(_ question: Gate.Question) -> GateDecision {
        let times = question.times
        var stranger: String?
        let outcome = verifier.verify(
            Message(question.request), for: question.service, within: question.window, now: times.signature,
            expiryNow: times.server
        ) { [callers, real] key in
            if let caller = callers[key] { return caller.credential }
            if let real, real.accessKeyId == key { return real.credential }
            stranger = key
            return nil
        }
        switch outcome {
        case .absent: return .refused(Self.missingToken)
        case .refused(var refusal):
            if let stranger { refusal.why = why(notKnown: stranger) }
            return .refused(Self.denial(refusal, question))
        case .verified(let accessKeyId, let region):
            if let denial = denial(of: accessKeyId, question) { return .refused(denial) }
            guard let home = question.region, home != region else {
                return .allowed(Grant(scheme: "sigv4", principal: accessKeyId))
            }
            return .elsewhere(
                Grant(
                    scheme: "sigv4", principal: accessKeyId, why: Self.why(signedFor: region, agentIn: home)))
        }
    }

    /// A key is no secret, and the library's own are what a developer most likely meant.
    private func why(notKnown accessKeyId: String) -> String {
        let known = callers.keys.sorted()
        let some = known.prefix(3).joined(separator: ", ") + (known.count > 3 ? " and \(known.count - 3) more" : "")
        return "no credential with the access key id '\(accessKeyId)'; "
            + (known.isEmpty ? "the library has none: add it to credentials" : "the library has \(some)")
    }

    private static func why(signedFor region: String, agentIn home: String) -> String {
        "the signature is scoped to \(region), the agent lives in \(home): set the client's region, AWS_REGION or "
            + "region_name, to \(home)"
    }

    /// An expiry that nobody can read has passed: better a refusal than a credential that never ends.
    private static func moment(_ text: String) -> Instant {
        Instant(rfc3339: Array(text.utf8)) ?? Instant(nanoseconds: .min)
    }

    fileprivate static let missingToken = Denial(
        scheme: "sigv4", status: 403, errorType: "MissingAuthenticationTokenException",
        message: "Missing Authentication Token", envelope: .native)

    /// The echo of what the server computed goes into the journal always, into the answer when it is asked for.
    private static func denial(_ refusal: SignatureRefusal, _ question: Gate.Question) -> Denial {
        var denial = Denial(
            scheme: "sigv4", status: refusal.status, errorType: refusal.errorType,
            message: question.echoesSignatures ? refusal.messageWithEcho : refusal.message, envelope: .native,
            why: refusal.why ?? refusal.message)
        denial.principal = refusal.accessKeyId
        denial.canonicalRequest = refusal.canonicalRequest
        denial.stringToSign = refusal.stringToSign
        return denial
    }

    private func denial(of accessKeyId: String, _ question: Gate.Question) -> Denial? {
        guard deniesAny, let caller = callers[accessKeyId], !caller.denied.isEmpty else { return nil }
        let denied = Self.actions(question).first { action in
            caller.denied.contains { $0.matches(action.lowercased()) }
        }
        guard let action = denied else { return nil }
        let user = Self.arn(of: accessKeyId, isTemporary: caller.credential.sessionToken != nil, question.resource)
        var denial = Denial(
            scheme: "sigv4", status: 403, errorType: "AccessDeniedException",
            message: "User: \(user) is not authorized to perform: \(action) on resource: "
                + "\(question.resource) because no identity-based policy allows the \(action) action",
            envelope: .ofProtocol, why: "the library denies \(action) to '\(accessKeyId)'")
        denial.principal = accessKeyId
        return denial
    }

    /// "User-id delegation needs the extra action" (wire reference 1.1).
    private static func actions(_ question: Gate.Question) -> [String] {
        let invocation = "bedrock-agentcore:InvokeAgentRuntime"
        guard question.action == invocation, question.request.place(of: .user) != nil else { return [question.action] }
        return [invocation, invocation + "ForUser"]
    }

    /// A library knows keys, not users: the key stands for the user, in the account of the resource.
    private static func arn(of accessKeyId: String, isTemporary: Bool, _ resource: String) -> String {
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let account = parts.count > 4 && !parts[4].isEmpty ? String(parts[4]) : "000000000000"
        return CallerARN.text(accessKeyId: accessKeyId, isTemporary: isTemporary, account: account)
    }
}

extension Denial {
    /// Of a caller who has to sign.
    package static var signatureMissing: Denial { SigV4Scheme.missingToken }
}

extension Message {
    /// The same bytes, seen as a signature sees them: nothing is copied.
    init(_ request: Request) {
        self.init(
            head: request.head, method: request.method, path: request.path, query: request.query,
            fields: request.fields, body: request.body, bodyDigest: request.bodyDigest)
    }
}
