import JOSE
import JSON
import Library
import Time

/// One sign-in, new or refreshed: the tokens that come of it.
struct IssuerSession {
    let issuer: Issuer
    let name: String
    let user: User
    let clientId: String
    let origin: String
    let authenticatedAt: Instant
    /// What was asked for on the pages, where one signed in there.
    var scopes: [String]?
    var nonce: String?

    /// Cognito gives a user that signed in without the hosted pages this one scope.
    private static let defaultScopes = ["aws.cognito.signin.user.admin"]

    var granted: [String] { scopes ?? user.scopes ?? Self.defaultScopes }

    func token(_ kind: IssuerToken.Kind, now: Instant, chance: inout some RandomNumberGenerator) -> String {
        var token = IssuerToken(
            kind: kind, issuer: name, clientId: clientId, username: user.username, issuedAt: now)
        token.groups = user.groups ?? []
        token.scopes = granted
        if kind == .id, let nonce { token.claims = [.init("nonce", .string(nonce))] }
        token.origin = origin
        token.authenticatedAt = authenticatedAt
        return issuer.token(token, chance: &chance)
    }

    var refreshToken: String {
        IssuerRefreshToken(
            username: user.username, clientId: clientId, origin: origin, authenticatedAt: authenticatedAt,
            scopes: scopes
        ).text
    }
}

extension IssuerSession {
    /// What a refresh token stands for; nil when it is not ours, has expired, belongs to another client, or its user
    /// is gone.
    init?(_ issuer: Issuer, _ directory: IssuerDirectory, refresh text: String, clientId: String, now: Instant) {
        guard let token = IssuerRefreshToken(text), ExactText.equal(token.clientId, clientId), token.expires > now,
            let user = directory.user(token.username, clientId: clientId)
        else { return nil }
        self.init(
            issuer: issuer, name: directory.issuer(forClient: clientId), user: user, clientId: clientId,
            origin: token.origin, authenticatedAt: token.authenticatedAt)
        scopes = token.scopes
    }
}
