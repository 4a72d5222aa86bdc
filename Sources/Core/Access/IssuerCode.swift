import Bytes
import Crypto
import JOSE
import JSON
import Time

/// An authorization code, RFC 6749 4.1.2: like a refresh token it carries all it stands for under a MAC. Only that it was
/// taken is remembered, by `RedeemedCodes`.
struct IssuerCode: Equatable {
    /// What makes it another one than the next for the same person.
    var id: String
    var username: String
    var clientId: String
    /// "The authorization server MUST … ensure that the 'redirect_uri' parameter is present if [it] was included in the
    /// initial authorization request …, and if included ensure that their values are identical" (4.1.3).
    var redirectURI: String
    /// RFC 7636: what the verifier has to hash to.
    var challenge: String?
    var scopes: [String]
    /// OpenID Connect Core 3.1.2.1: it comes back in the ID token.
    var nonce: String?
    /// Where it was given: nobody takes it in another.
    var space: String
    var authenticatedAt: Instant

    /// "A maximum authorization code lifetime of 10 minutes is RECOMMENDED" (4.1.2); Cognito's live five.
    static let lifetime = Duration.seconds(300)

    var expires: Instant { authenticatedAt + Self.lifetime }

    /// Published like the issuer's keys, and as little a secret.
    private static let key = HMAC(.sha256, key: Array("understudy authorization codes, published, never a secret".utf8))

    var text: String {
        let content: JSON.Value = [
            "jti": .string(id), "username": .string(username), "client_id": .string(clientId),
            "redirect_uri": .string(redirectURI), "code_challenge": challenge.map(JSON.Value.string) ?? .null,
            "scope": .string(scopes.joined(separator: " ")), "nonce": nonce.map(JSON.Value.string) ?? .null,
            "space": .string(space), "auth_time": .init(Int(authenticatedAt.seconds)),
        ]
        let payload = Base64.url.encode(content.compact)
        return "\(payload).\(Base64.url.encode(Self.key.code(for: Array(payload.utf8))))"
    }

    init(
        id: String, username: String, clientId: String, redirectURI: String, challenge: String?, scopes: [String],
        nonce: String?, space: String, authenticatedAt: Instant
    ) {
        (self.id, self.username, self.clientId, self.redirectURI) = (id, username, clientId, redirectURI)
        (self.challenge, self.scopes, self.nonce) = (challenge, scopes, nonce)
        (self.space, self.authenticatedAt) = (space, authenticatedAt)
    }

    /// Nil unless this issuer wrote it.
    init?(_ text: String) {
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 16_384, let code = Base64.url.decode(parts[1]),
            ConstantTime.equal(code, Self.key.code(for: Array(parts[0]))),
            let content = Base64.url.decode(parts[0]).flatMap({ try? JSON.Value.parse($0) }),
            let id = content["jti"]?.text, let username = content["username"]?.text,
            let clientId = content["client_id"]?.text, let redirectURI = content["redirect_uri"]?.text,
            let scope = content["scope"]?.text, let space = content["space"]?.text,
            let signedIn = content["auth_time"]?.integer
        else { return nil }
        self.init(
            id: id, username: username, clientId: clientId, redirectURI: redirectURI,
            challenge: content["code_challenge"]?.text, scopes: scope.split(separator: " ").map(String.init),
            nonce: content["nonce"]?.text, space: space, authenticatedAt: Instant(seconds: Int64(signedIn)))
    }

    /// RFC 7636 4.6: "BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge". A verifier that nobody asked for
    /// is refused too (RFC 9700 2.1.1).
    func accepts(verifier: String?) -> Bool {
        guard let challenge else { return verifier == nil }
        guard let verifier, Self.isVerifier(verifier) else { return false }
        return ExactText.equal(Base64.url.encode(SHA256.hash(Array(verifier.utf8))), challenge)
    }

    /// 4.1: `code-verifier = 43*128unreserved`.
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count) && text.utf8.allSatisfy(PercentEncoding.isUnreserved)
    }
}

/// The codes of one space that were taken: "The client MUST NOT use the authorization code more than once".
package final class RedeemedCodes {
    package let space: String
    private var redeemed: [String: Instant] = [:]
    /// Beyond these, those that have run out are forgotten: nobody may take them any more.
    private static let most = 1_000

    package init(space: String) { self.space = space }

    /// False when it was taken before, has run out, or was given elsewhere.
    func redeem(_ code: IssuerCode, at now: Instant) -> Bool {
        guard ExactText.equal(code.space, space), code.authenticatedAt <= now, now < code.expires,
            redeemed[code.id] == nil
        else { return false }
        if redeemed.count >= Self.most { redeemed = redeemed.filter { $0.value > now } }
        redeemed[code.id] = code.expires
        return true
    }
}
