import Access
import JSON
import Runtime

extension Operation {
    /// RFC 9728: where a caller of a JWT agent finds its authorization server. Asked for without credentials.
    static let getRuntimeProtectedResourceMetadata = Operation(
        name: "GetRuntimeProtectedResourceMetadata",
        routes: [Route(method: "GET", tail: "invocations/.well-known/oauth-protected-resource")], needsAccess: false,
        session: .none
    ) { (visit, understudy) throws(Interruption) in
        guard let resource = understudy.protectedResource(visit) else {
            throw visit.refusal(.resourceNotFound, "This agent is not configured for OAuth")
        }
        return Response(status: 200, contentType: "application/json", body: resource.document.compact)
    }
}

extension Understudy {
    /// Nil for an agent that takes no tokens.
    func protectedResource(_ visit: borrowing Visit) -> ProtectedResource? {
        guard let agent = visit.agent, case .jwt(let authorizer) = agent.auth else { return nil }
        return ProtectedResource(
            base: visit.base, arn: agent.arn, qualifier: visit.call.qualifier ?? "DEFAULT",
            issuer: gate.issuerName(of: authorizer), authorizer: authorizer)
    }
}
