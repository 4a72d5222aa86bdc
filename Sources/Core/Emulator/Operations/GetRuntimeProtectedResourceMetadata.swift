import Access
import JSON
import Runtime

extension Operation {
    /// RFC 9728: where a caller of a JWT agent finds its authorization server. Asked for without credentials.
    static let getRuntimeProtectedResourceMetadata = Operation(
        name: "GetRuntimeProtectedResourceMetadata",
        routes: [Route(method: "GET", tail: "invocations/.well-known/oauth-protected-resource")], needsAccess: false,
        session: .none
    ) { call, _, resource in
        guard let resource = resource(call) else {
            // Who is judged here is told of the issuer here; of any other the service knows.
            return ForwardStage.pass(call) ?? call.refusal(.resourceNotFound, "This agent is not configured for OAuth")
        }
        return .answered(
            ServiceResponse(status: 200, contentType: "application/json", body: resource.document.compact))
    }
}
