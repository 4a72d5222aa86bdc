import Bytes
import Crypto
import JOSE
import JSON
import Time

/// A token to be issued, and the claims that Cognito gives it (wire reference, 12).
package struct IssuerToken: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case access
        case id
    }

    package var kind: Kind
    package var issuer: String
    package var clientId: String
    /// Nil for a machine client's own token.
    package var username: String?
    package var groups: [String] = []
    package var scopes: [String] = []
    /// Set last: they replace what the token would have said, and null removes it.
    package var claims: [JSON.Value.Member] = []
    package var issuedAt: Instant
    package var lifetime: Duration = .seconds(3_600)
    /// When the user signed in; a refreshed token still says it.
    package var authenticatedAt: Instant?
    /// What ties the tokens of one sign-in together; drawn when nil.
    package var origin: String?

    package init(kind: Kind, issuer: String, clientId: String, username: String?, issuedAt: Instant) {
        self.kind = kind
        self.issuer = issuer
        self.clientId = clientId
        self.username = username
        self.issuedAt = issuedAt
    }

    func claimSet(chance: inout some RandomNumberGenerator) -> JSON.Value {
        var members: [JSON.Value.Member] =
            if let username {
                kind == .access ? accessClaims(username, &chance) : identityClaims(username, &chance)
            } else {
                machineClaims(&chance)
            }
        for claim in claims {
            let place = members.firstIndex { $0.name == claim.name }
            switch (place, claim.value.isNull) {
            case (let place?, true): members.remove(at: place)
            case (let place?, false): members[place] = claim
            case (nil, false): members.append(claim)
            case (nil, true): break
            }
        }
        return .object(members)
    }

    private func accessClaims(_ username: String, _ chance: inout some RandomNumberGenerator) -> [JSON.Value.Member] {
        [.init("sub", .string(Self.subject(of: username)))] + groupClaim + [
            .init("iss", .string(issuer)),
            .init("client_id", .string(clientId)),
            .init("origin_jti", .string(origin ?? Self.drawn(&chance))),
            .init("event_id", .string(Self.drawn(&chance))),
            .init("token_use", "access"),
            .init("scope", .string(scopes.joined(separator: " "))),
        ] + times + [
            .init("jti", .string(Self.drawn(&chance))),
            .init("username", .string(username)),
        ]
    }

    private func identityClaims(_ username: String, _ chance: inout some RandomNumberGenerator) -> [JSON.Value.Member] {
        [.init("sub", .string(Self.subject(of: username)))] + groupClaim + [
            .init("email_verified", true),
            .init("iss", .string(issuer)),
            .init("cognito:username", .string(username)),
            .init("origin_jti", .string(origin ?? Self.drawn(&chance))),
            .init("aud", .string(clientId)),
            .init("event_id", .string(Self.drawn(&chance))),
            .init("token_use", "id"),
        ] + times + [
            .init("jti", .string(Self.drawn(&chance))),
            .init("email", .string(username.utf8.contains(UInt8(ascii: "@")) ? username : "\(username)@example.com")),
        ]
    }

    /// Client credentials: the client is its own subject, and there is no user. Only access tokens come from it.
    private func machineClaims(_ chance: inout some RandomNumberGenerator) -> [JSON.Value.Member] {
        [
            .init("sub", .string(clientId)),
            .init("token_use", .string(kind.rawValue)),
        ] + (scopes.isEmpty ? [] : [.init("scope", .string(scopes.joined(separator: " ")))]) + [
            .init("iss", .string(issuer))
        ] + times + [
            .init("version", 2),
            .init("jti", .string(Self.drawn(&chance))),
            .init("client_id", .string(clientId)),
        ]
    }

    private var groupClaim: [JSON.Value.Member] {
        groups.isEmpty ? [] : [.init("cognito:groups", .array(groups.map(JSON.Value.string)))]
    }

    private var times: [JSON.Value.Member] {
        let (seconds, _) = lifetime.components
        // A century either way is enough for any test, and far from the end of the numbers.
        let bounded = min(max(seconds, -3_200_000_000), 3_200_000_000)
        return [
            .init("auth_time", .init(Int((authenticatedAt ?? issuedAt).seconds))),
            .init("exp", .init(Int(issuedAt.seconds + bounded))),
            .init("iat", .init(Int(issuedAt.seconds))),
        ]
    }

    private static func drawn(_ chance: inout some RandomNumberGenerator) -> String {
        UUIDText.version4(chance.next(), chance.next())
    }

    /// Cognito's subjects are UUIDs; a user's is always the same here.
    static func subject(of username: String) -> String {
        let digest = SHA256.hash(Array("understudy user \(username)".utf8))
        let half = { (place: Int) in digest[place..<(place + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return UUIDText.version4(half(0), half(8))
    }
}

extension IssuerAnswer {
    /// Whom the token that is handed out is about; nil where none is. A verdict on refreshing tells callers apart by it.
    package var subject: String? {
        guard status == 200, let answer = try? Value.parse(body),
            let token = (answer["access_token"] ?? answer["AuthenticationResult"]?["AccessToken"])?.text,
            let claims = try? Claims(JWS(compact: Array(token.utf8)[...]).payload)
        else { return nil }
        return claims.subject
    }
}
