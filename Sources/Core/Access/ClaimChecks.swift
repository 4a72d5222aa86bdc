import JOSE
import JSON
import Library
import Runtime
import Time

/// What a verified token has to say (wire reference, 3.3): every list that is configured must be satisfied.
enum ClaimChecks {
    /// Clients' clocks are never quite ours; RFC 7519 4.1.5 lets implementers "provide for some small leeway".
    static let leeway = Duration.seconds(60)
    /// The service refuses a token that "will expire within the next minute".
    static let margin = Duration.seconds(60)

    static func time(_ claims: Claims, dialect: Dialect, now: Instant) -> Denial? {
        guard let expires = claims.expires else {
            return TokenRefusals.ineffectual(dialect: dialect, why: "the token has no exp")
        }
        guard lastMoment(of: expires) >= now.nanoseconds else {
            let left = seconds(from: now, to: expires)
            return TokenRefusals.ineffectual(
                dialect: dialect,
                why: left < 0 ? "the token expired \(-left) s ago" : "the token expires in \(left) s, less than 60")
        }
        if let notBefore = claims.notBefore, notBefore.nanoseconds - leeway.nanoseconds > now.nanoseconds {
            let wait = seconds(from: now, to: notBefore)
            return TokenRefusals.notYetValid(why: "the token's nbf is \(wait) s from now")
        }
        return nil
    }

    /// Divided before they are subtracted, which no two moments can make overflow.
    private static func seconds(from now: Instant, to date: NumericDate) -> Int64 {
        date.nanoseconds / 1_000_000_000 - now.nanoseconds / 1_000_000_000
    }

    /// The last nanosecond at which a token with this `exp` is still taken.
    static func lastMoment(of expires: NumericDate) -> Int64 {
        expires.nanoseconds.subtractingReportingOverflow(margin.nanoseconds).partialValue
    }

    static func configured(_ claims: Claims, _ authorizer: JWTAuthorizer) -> Denial? {
        client(claims, authorizer) ?? audience(claims, authorizer) ?? scope(claims, authorizer)
            ?? custom(claims, authorizer)
    }

    /// Only `client_id`: not `azp`, `appid` or `cid`, which other issuers use.
    private static func client(_ claims: Claims, _ authorizer: JWTAuthorizer) -> Denial? {
        guard let allowed = authorizer.allowedClients else { return nil }
        let client = claims["client_id"]?.text
        if let client, allowed.containsExactly(client) { return nil }
        return TokenRefusals.claim("client_id", why: mismatch("client_id", client, allowed))
    }

    private static func audience(_ claims: Claims, _ authorizer: JWTAuthorizer) -> Denial? {
        guard let allowed = authorizer.allowedAudience else { return nil }
        if claims.audience.contains(where: allowed.containsExactly) { return nil }
        let found = claims.audience.isEmpty ? nil : claims.audience.joined(separator: ", ")
        return TokenRefusals.claim("aud", why: mismatch("aud", found, allowed))
    }

    /// "At least one": RFC 8693 4.2 spells `scope` as a "space-delimited" string, others list `scp`.
    private static func scope(_ claims: Claims, _ authorizer: JWTAuthorizer) -> Denial? {
        guard let allowed = authorizer.allowedScopes else { return nil }
        var scopes: [String] = []
        for value in [claims["scope"], claims["scp"]] {
            scopes += value?.array?.compactMap(\.text) ?? []
            scopes += value?.text?.split(separator: " ").map(String.init) ?? []
        }
        if scopes.contains(where: allowed.containsExactly) { return nil }
        return TokenRefusals.claim(
            "scope", why: mismatch("scope", scopes.isEmpty ? nil : scopes.joined(separator: " "), allowed))
    }

    private static func custom(_ claims: Claims, _ authorizer: JWTAuthorizer) -> Denial? {
        for rule in authorizer.customClaims ?? [] where !isSatisfied(rule, by: claims[rule.name]) {
            return TokenRefusals.customClaim(
                rule.name, why: mismatch(rule.name, claims[rule.name].map { $0.json() }, values(of: rule.match)))
        }
        return nil
    }

    /// A STRING is compared by EQUALS; a STRING_ARRAY by CONTAINS (every value of the match) or CONTAINS_ANY.
    private static func isSatisfied(_ rule: CustomClaim, by claim: JSON.Value?) -> Bool {
        let wanted = values(of: rule.match)
        switch (rule.valueType, rule.operator) {
        case (.string, .equals):
            return claim?.text.map { text in wanted.count == 1 && ExactText.equal(text, wanted[0]) } ?? false
        case (.stringArray, .contains):
            guard let found = texts(claim) else { return false }
            return !wanted.isEmpty && wanted.allSatisfy(found.containsExactly)
        case (.stringArray, .containsAny):
            guard let found = texts(claim) else { return false }
            return wanted.contains(where: found.containsExactly)
        case (.string, .contains), (.string, .containsAny), (.stringArray, .equals):
            return false
        }
    }

    private static func texts(_ claim: JSON.Value?) -> [String]? { claim?.array?.compactMap(\.text) }

    private static func values(of match: CustomClaim.Match) -> [String] {
        switch match {
        case .string(let text): [text]
        case .list(let texts): texts
        }
    }

    private static func mismatch(_ name: String, _ found: String?, _ allowed: [String]) -> String {
        let found = found.map { "is \(TokenRefusal.shown($0))" } ?? "is missing"
        return "the token's \(name) \(found), allowed: \(allowed.joined(separator: ", "))"
    }
}
