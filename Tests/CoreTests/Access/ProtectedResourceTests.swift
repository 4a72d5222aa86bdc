import JSON
import Library
import Testing

@testable import Access

@Suite("ProtectedResource") struct ProtectedResourceTests {
    private let arn = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEf1234"
    private let escaped = "arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fmy_agent-AbCdEf1234"

    private func resource(_ authorizer: JWTAuthorizer?, qualifier: String = "DEFAULT") -> ProtectedResource {
        ProtectedResource(
            base: "http://127.0.0.1:8787", arn: arn, qualifier: qualifier, issuer: "https://i/pool",
            authorizer: authorizer)
    }

    @Test("the document and the challenge, as they were seen")
    func seen() {
        let resource = resource(JWTAuthorizer(discoveryUrl: "u"))
        #expect(
            resource.document.json()
                == #"{"authorization_servers":["https://i/pool"],"resource":"http://127.0.0.1:8787/runtimes/\#(escaped)/invocations?qualifier=DEFAULT"}"#
        )
        #expect(
            resource.challenge
                == #"Bearer resource_metadata="http://127.0.0.1:8787/runtimes/\#(escaped)/invocations/.well-known/oauth-protected-resource?qualifier=DEFAULT""#
        )
    }

    @Test("allowed scopes are advertised, by the names that they are mapped to")
    func scopes() {
        var authorizer = JWTAuthorizer(discoveryUrl: "u")
        authorizer.allowedScopes = ["read", "write"]
        authorizer.advertisedScopeMapping = [.init("write", "https://i/write")]
        let resource = resource(authorizer)
        #expect(resource.document["scopes_supported"] == ["read", "https://i/write"])
        #expect(resource.challenge.hasSuffix(#", scope="read https://i/write""#))
    }

    @Test("nothing that a caller or a file wrote can end the header's quotes")
    func injection() {
        var authorizer = JWTAuthorizer(discoveryUrl: "u")
        authorizer.allowedScopes = ["a\"b", "c\\d", "e\r\nf", "g h", "ok"]
        let challenge = resource(authorizer, qualifier: "x\"\r\ny").challenge
        #expect(challenge.hasSuffix(#"?qualifier=x%22%0D%0Ay", scope="ok""#))
    }
}
