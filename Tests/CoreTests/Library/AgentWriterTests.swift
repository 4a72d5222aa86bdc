import JSON
import Testing

@testable import Library

@Suite("Writing agents") struct AgentWriterTests {
    @Test("an authorizer is spelled as the service spells it")
    func authorizer() {
        var authorizer = JWTAuthorizer(discoveryUrl: "u")
        authorizer.customClaims = [
            CustomClaim(name: "c", valueType: .stringArray, operator: .containsAny, match: .list(["x"]))
        ]
        var agent = Agent(arn: "*")
        agent.auth = .jwt(authorizer)
        #expect(
            agent.written.json()
                == #"{"arn":"*","auth":{"jwt":{"discoveryUrl":"u","customClaims":[{"inboundTokenClaimName":"c","#
                + #""inboundTokenClaimValueType":"STRING_ARRAY","authorizingClaimMatchValue":{"claimMatchValue":"#
                + #"{"matchValueStringList":["x"]},"claimMatchOperator":"CONTAINS_ANY"}}]}}}"#)
    }
}
