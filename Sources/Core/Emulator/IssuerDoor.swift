import Access
import Bytes
import Faults
import HTTPWire

/// The issuer's endpoints, on the same port as the agents (contract section 6).
extension Understudy {
    /// Nil for a call that is not the issuer's: at once for those below `/runtimes/`.
    func issuerAnswer(_ visit: inout Visit) throws(Interruption) -> Response? {
        if visit.call.request.stands("/runtimes/", at: visit.path.lowerBound) { return nil }
        if let outage = issuerOutage(&visit) { return outage }
        let request = visit.call.request
        let endpoints = IssuerEndpoints(issuer: gate.issuer, directory: issuerDirectory(base: visit.base))
        var chance = visit.chance
        guard let answer = endpoints.answer(request, path: request.head[visit.path], now: visit.now, chance: &chance)
        else { return nil }
        visit.chance = chance
        visit.call.operation = "Issuer"
        visit.call.hasSecretBodies = true
        return Response(status: answer.status, fields: answer.fields, content: .bytes(answer.body))
    }

    /// What a fault makes of the issuer: it answers nothing, or signs with new keys from now on.
    private func issuerOutage(_ visit: inout Visit) -> Response? {
        guard visit.space.hasFaults, let part = issuerPart(visit) else { return nil }
        visit.strikes = visit.space.faults.decide(Occasion(issuer: part, now: visit.now))
        for effect in visit.strikes.takeIssuerEffects() {
            switch effect {
            case .rotation(let keepsOld): gate.rotateKeys(keepsOld: keepsOld)
            case .outage(let status):
                visit.call.operation = "Issuer"
                return Response(status: status, contentType: "text/plain", body: Array("The issuer is out.\n".utf8))
            }
        }
        return nil
    }

    private func issuerPart(_ visit: borrowing Visit) -> IssuerPart? {
        let path = String(lossy: visit.call.request.head[visit.path])
        if path.hasSuffix("/.well-known/jwks.json") { return .keys }
        if path.hasSuffix("/.well-known/openid-configuration") { return .discovery }
        return path == "/oauth2/token" || path == "/" ? .tokens : nil
    }

    func issuerDirectory(base: String) -> IssuerDirectory {
        IssuerDirectory(users: scenario.users, agents: scenario.agents, base: base)
    }
}
