import Bytes
import Crypto
import JOSE
import JSON
import Time

/// A refresh token carries all it stands for under a MAC, so that the issuer keeps nothing and a restart forgets
/// nobody. It is no JWT: nothing that takes access tokens can take it for one.
struct IssuerRefreshToken: Equatable {
    var username: String
    var clientId: String
    var origin: String
    var authenticatedAt: Instant
    var expires: Instant
    /// RFC 6749 6: a refreshed token has what the first one had; nil for what its user's entry names.
    var scopes: [String]?

    /// Cognito's default.
    static let lifetime = Duration.seconds(30 * 86_400)

    /// Published like the issuer's keys, and as little a secret.
    private static let key = HMAC(.sha256, key: Array("understudy refresh tokens, published, never a secret".utf8))

    init(username: String, clientId: String, origin: String, authenticatedAt: Instant, scopes: [String]? = nil) {
        self.username = username
        self.clientId = clientId
        self.origin = origin
        self.authenticatedAt = authenticatedAt
        expires = authenticatedAt + Self.lifetime
        self.scopes = scopes
    }

    var text: String {
        let content: JSON.Value = [
            "username": .string(username), "client_id": .string(clientId), "origin_jti": .string(origin),
            "auth_time": .init(Int(authenticatedAt.seconds)), "exp": .init(Int(expires.seconds)),
            "scope": scopes.map { .string($0.joined(separator: " ")) } ?? .null,
        ]
        let payload = Base64.url.encode(content.compact)
        return "\(payload).\(Base64.url.encode(Self.key.code(for: Array(payload.utf8))))"
    }

    /// Nil unless this issuer wrote it.
    init?(_ text: String) {
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 8_192, let code = Base64.url.decode(parts[1]),
            ConstantTime.equal(code, Self.key.code(for: Array(parts[0]))),
            let content = Base64.url.decode(parts[0]).flatMap({ try? JSON.Value.parse($0) }),
            let username = content["username"]?.text, let clientId = content["client_id"]?.text,
            let origin = content["origin_jti"]?.text, let signedIn = content["auth_time"]?.integer,
            let expires = content["exp"]?.integer
        else { return nil }
        self.init(
            username: username, clientId: clientId, origin: origin,
            authenticatedAt: Instant(seconds: Int64(signedIn)))
        self.expires = Instant(seconds: Int64(expires))
        scopes = content["scope"]?.text?.split(separator: " ").map(String.init)
    }
}
