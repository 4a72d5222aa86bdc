import JSON
import Support
import Testing
import Time

@testable import Access

@Suite("IssuerToken") struct IssuerTokenTests {
    private func token(_ kind: IssuerToken.Kind, user: String? = "anna") -> IssuerToken {
        IssuerToken(
            kind: kind, issuer: "https://i/p", clientId: "app", username: user, issuedAt: Instant(seconds: 1_000))
    }

    private func claims(_ token: IssuerToken, seed: UInt64 = 1) -> JSON.Value {
        var chance = SeededGenerator(seed: seed)
        return token.claimSet(chance: &chance)
    }

    @Test("an access token says what Cognito's says, in its order")
    func access() {
        var token = token(.access)
        token.groups = ["admins"]
        token.scopes = ["aws.cognito.signin.user.admin"]
        let claims = claims(token)
        #expect(
            claims.members?.map(\.name) == [
                "sub", "cognito:groups", "iss", "client_id", "origin_jti", "event_id", "token_use", "scope",
                "auth_time",
                "exp", "iat", "jti", "username",
            ])
        #expect(claims["client_id"] == "app")
        #expect(claims["aud"] == nil)
        #expect(claims["token_use"] == "access")
        #expect(claims["scope"] == "aws.cognito.signin.user.admin")
        #expect(claims["exp"]?.integer == 4_600)
        #expect(claims["iat"]?.integer == 1_000)
        #expect(claims["username"] == "anna")
        #expect(claims["cognito:groups"] == ["admins"])
    }

    @Test("an ID token has an audience and no client_id")
    func identity() {
        let claims = claims(token(.id))
        #expect(claims["aud"] == "app")
        #expect(claims["client_id"] == nil)
        #expect(claims["cognito:username"] == "anna")
        #expect(claims["email"] == "anna@example.com")
        #expect(claims["cognito:groups"] == nil)
        #expect(self.claims(token(.id, user: "a@b.c"))["email"] == "a@b.c")
    }

    @Test("a machine client is its own subject and has no user name")
    func machine() {
        var token = token(.access, user: nil)
        token.scopes = ["shop/read"]
        let claims = claims(token)
        #expect(claims["sub"] == "app")
        #expect(claims["client_id"] == "app")
        #expect(claims["scope"] == "shop/read")
        #expect(claims["version"]?.integer == 2)
        #expect(claims["username"] == nil)
        #expect(self.claims(self.token(.access, user: nil))["scope"] == nil)
    }

    @Test("a user's subject is always the same UUID, and ids come from the seed")
    func identifiers() throws {
        let (first, second, other) = (claims(token(.access)), claims(token(.access)), claims(token(.access), seed: 2))
        #expect(first == second)
        #expect(first["sub"] == other["sub"])
        #expect(first["jti"] != other["jti"])
        let subject = try #require(first["sub"]?.text)
        #expect(subject.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(claims(token(.access, user: "bert"))["sub"] != first["sub"])
    }

    @Test("claims of one's own replace, join or, as null, remove")
    func claims() {
        var token = token(.access)
        token.claims = [.init("client_id", "other"), .init("team", ["a"]), .init("jti", .null), .init("none", .null)]
        let claims = claims(token)
        #expect(claims["client_id"] == "other")
        #expect(claims["team"] == ["a"])
        #expect(claims["jti"] == nil)
        #expect(claims["none"] == nil)
        #expect(Set(claims.members?.map(\.name) ?? []).count == claims.members?.count)
    }

    @Test(
        "any lifetime is a time, before or after now, and none overflows",
        arguments: [
            (Duration.seconds(-60), 940), (.zero, 1_000), (.milliseconds(45_900), 1_045),
            (.seconds(Int64.max), 3_200_001_000),
            (.seconds(Int64.min), -3_199_999_000),
        ])
    func lifetimes(lifetime: Duration, expires: Int) {
        var token = token(.id)
        token.lifetime = lifetime
        #expect(claims(token)["exp"]?.integer == expires)
    }

    @Test("a refreshed token keeps its origin and the time of the sign-in")
    func refreshed() {
        var token = token(.access)
        token.origin = "o"
        token.authenticatedAt = Instant(seconds: 500)
        #expect(claims(token)["origin_jti"] == "o")
        #expect(claims(token)["auth_time"]?.integer == 500)
    }
}
