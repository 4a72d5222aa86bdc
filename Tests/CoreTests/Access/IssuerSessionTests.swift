import JOSE
import JSON
import Library
import Support
import Testing
import Time

@testable import Access

@Suite("IssuerSession") struct IssuerSessionTests {
    private var anna: User {
        var user = User(username: "anna")
        (user.clientId, user.groups) = ("app", ["g"])
        return user
    }

    private var session: IssuerSession {
        IssuerSession(
            issuer: Issuer(), name: "https://i/p", user: anna, clientId: "app", origin: "o",
            authenticatedAt: Instant(seconds: 1_000))
    }

    private func refreshed(_ text: String, users: [User], clientId: String = "app", at seconds: Int64 = 2_000)
        -> IssuerSession?
    {
        let directory = IssuerDirectory(users: users, agents: [], base: "http://h")
        return IssuerSession(Issuer(), directory, refresh: text, clientId: clientId, now: Instant(seconds: seconds))
    }

    @Test("its tokens carry the user's groups and scopes, or Cognito's one scope")
    func tokens() throws {
        var chance = SeededGenerator(seed: 1)
        let token = session.token(.access, now: Instant(seconds: 1_500), chance: &chance)
        let claims = try Claims(try JWS(compact: Array(token.utf8)).payload)
        #expect(claims["cognito:groups"] == ["g"])
        #expect(claims["scope"] == "aws.cognito.signin.user.admin")
        #expect(claims["origin_jti"] == "o")
        #expect(claims["auth_time"]?.integer == 1_000)
        #expect(claims["iat"]?.integer == 1_500)
    }

    @Test("a refresh token brings the session back, with the user as the library has it now")
    func refresh() throws {
        var changed = anna
        changed.groups = ["other"]
        let session = try #require(refreshed(session.refreshToken, users: [changed]))
        #expect(session.user.groups == ["other"])
        #expect(session.origin == "o")
        #expect(session.authenticatedAt == Instant(seconds: 1_000))
        #expect(session.name == "http://h/us-east-1_Understudy")
    }

    @Test("it does not for another client, after its time, or when the user is gone")
    func refused() {
        let text = session.refreshToken
        #expect(refreshed(text, users: [anna], clientId: "other") == nil)
        #expect(refreshed(text, users: [anna], at: 1_000 + 30 * 86_400) == nil)
        #expect(refreshed(text, users: [anna], at: 999 + 30 * 86_400) != nil)
        #expect(refreshed(text, users: []) == nil)
        #expect(refreshed("x", users: [anna]) == nil)
    }
}
