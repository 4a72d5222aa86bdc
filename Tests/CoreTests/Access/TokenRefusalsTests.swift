import Testing

@testable import Access

@Suite("TokenRefusals") struct TokenRefusalsTests {
    @Test("the observed texts, letter by letter")
    func observed() {
        #expect(TokenRefusals.missing().message == "Missing Authentication Token")
        #expect(TokenRefusals.unparsable(why: "").message == "OAuth authorization failed: Failed to parse token")
        #expect(
            TokenRefusals.ineffectual(dialect: .y2025, why: "").message
                == "OAuth authorization failed: Ineffectual token, will expire within the next minute")
        #expect(
            TokenRefusals.claim("client_id", why: "").message
                == "Claim 'client_id' value mismatch with configuration.")
        #expect(TokenRefusals.customClaim("team", why: "").message.contains("Authorization denied"))
    }

    @Test("a 401 wears the JSON-RPC envelope and points to the document, a 403 is bare")
    func envelopes() {
        let unauthorized = [
            TokenRefusals.missing(), TokenRefusals.ineffectual(dialect: .y2026, why: ""),
            TokenRefusals.claim("aud", why: ""), TokenRefusals.customClaim("team", why: ""),
            TokenRefusals.signature(why: ""), TokenRefusals.unknownKey(why: ""),
            TokenRefusals.keysUnavailable(why: ""), TokenRefusals.notYetValid(why: ""),
        ]
        for denial in unauthorized {
            #expect(denial.status == 401)
            #expect(denial.envelope == .jsonRPC(code: -32_001))
            #expect(denial.pointsToMetadata)
            #expect(denial.errorType == "UnauthorizedException")
        }
        for denial in [TokenRefusals.unparsable(why: ""), TokenRefusals.ineffectual(dialect: .y2025, why: "")] {
            #expect(denial.status == 403)
            #expect(denial.envelope == .bare)
            #expect(!denial.pointsToMetadata)
        }
    }
}
