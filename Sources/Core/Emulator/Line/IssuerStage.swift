import Access
import Bytes
import Faults
import HTTPWire
import JSON

/// The issuer's endpoints, on the same port as the agents (contract section 6).
enum IssuerStage {
    /// Nil for a call that is not the issuer's. Those below `/runtimes/` are not asked about.
    static func answer(_ call: OpenCall, _ library: LibrarySnapshot) -> LineExit? {
        if let outage = outage(call) { return .answered(outage) }
        let request = call.request
        let endpoints = IssuerEndpoints(
            issuer: call.space.issuer,
            directory: IssuerDirectory(users: library.scenario.users, agents: library.scenario.agents, base: call.base),
            codes: call.space.codes)
        var chance = call.chance
        guard let answer = endpoints.answer(request, path: request.head[call.path], now: call.now, chance: &chance)
        else { return nil }
        call.chance = chance
        call.entry.operation = answer.operation
        call.entry.issuance = .init(grant: answer.grant, client: answer.client)
        call.entry.principal = answer.subject
        call.entry.hasSecretBodies = true
        var response = ServiceResponse(status: answer.status, fields: answer.fields, content: .bytes(answer.body))
        if answer.status >= 400 { response.why = reason(in: answer.body) }
        return .answered(response)
    }

    /// Whether a call is for the issuer, though it answers nothing there: it is not passed on.
    static func keeps(_ call: OpenCall) -> Bool {
        guard IssuerEndpoints.owns(path: call.request.head[call.path]) else { return false }
        call.entry.hasSecretBodies = true
        return true
    }

    /// Why it refuses: OAuth's words (RFC 6749 5.2), or Cognito's.
    private static func reason(in body: [UInt8]) -> String? {
        guard let body = try? Value.parse(body) else { return nil }
        return (body["error_description"] ?? body["message"] ?? body["error"])?.text
    }

    /// What a fault makes of the issuer: it answers nothing, or signs with new keys from now on.
    private static func outage(_ call: OpenCall) -> ServiceResponse? {
        guard call.space.hasFaults, let part = part(of: call) else { return nil }
        call.faults = call.space.faults.decide(FaultCandidate(issuer: part, now: call.now))
        for effect in call.faults.takeIssuerEffects() {
            switch effect {
            case .rotation(let keepsOld): call.space.issuer.rotate(keepsOld: keepsOld)
            case .outage(let status):
                call.entry.operation = part.operation
                return ServiceResponse(
                    status: status, contentType: "text/plain", body: Array("The issuer is out.\n".utf8))
            }
        }
        return nil
    }

    private static func part(of call: OpenCall) -> IssuerPart? {
        let path = String(lossy: call.request.head[call.path])
        if path.hasSuffix("/.well-known/jwks.json") { return .keys }
        if path.hasSuffix("/.well-known/openid-configuration") { return .discovery }
        return path == "/oauth2/token" || path == "/" ? .tokens : nil
    }
}
