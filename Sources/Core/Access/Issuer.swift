import JSON

/// The server as an OpenID provider: the keys it signs with now, and the documents that publish them. Each space has its
/// own, as the keys change for one alone.
package struct Issuer: Hashable, Sendable {
    private var isRotated = false
    /// Whether tokens by the access key before the last rotation are still good.
    private var keepsFormer = false
    private var former: IssuerKey { isRotated ? .access : .spare }

    /// Which of the few key sets it can publish is published now.
    static let keySetCount = 4
    var keySetNumber: Int { (isRotated ? 1 : 0) + (keepsFormer ? 2 : 0) }

    package init() {}

    // Asked for when needed: reading a key starts OpenSSL, 2 MB that a server without tokens never touches.
    package var access: IssuerKey { isRotated ? .spare : .access }
    package var id: IssuerKey { .id }

    /// From now on access tokens are signed by another key, and the old one is gone from the key set unless it is kept;
    /// once more, and it is back.
    package mutating func rotate(keepsOld: Bool = false) {
        isRotated.toggle()
        keepsFormer = keepsOld
    }

    package func key(for kind: IssuerToken.Kind) -> IssuerKey { kind == .access ? access : id }

    /// The JWK set of every pool: access and ID tokens by different keys, as Cognito does it.
    package var keySet: JSON.Value { ["keys": .array([id.jwk, access.jwk] + (keepsFormer ? [former.jwk] : []))] }

    /// OpenID Connect Discovery 1.0 section 3, and of RFC 8414 what clients look for before they send a challenge.
    package func discoveryDocument(issuer: String, base: String) -> JSON.Value {
        let pool = IssuerPools.pool(ofIssuer: issuer)
        return [
            "authorization_endpoint": .string("\(base)/oauth2/authorize"),
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": .string(issuer),
            "jwks_uri": .string("\(base)/\(pool)/.well-known/jwks.json"),
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": .string("\(base)/oauth2/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        ]
    }

    package func token(_ token: IssuerToken, chance: inout some RandomNumberGenerator) -> String {
        key(for: token.kind).sign(token.claimSet(chance: &chance))
    }
}
