import HTTPWire
import JOSE
import Library
import Runtime
import Time

/// Bearer tokens: RFC 6750 for the header, RFC 7519 for the token, the service's `customJWTAuthorizer` for what it has
/// to say. In order: parse, keys, signature, issuer, times, claims.
package struct JWTScheme {
    package var keys: KeyCache
    private var cache = TokenCache()

    package init(issuer: Issuer = Issuer()) { keys = KeyCache(issuer: issuer) }

    /// For an agent with a JWT authorizer.
    package mutating func judge(
        _ request: Request, authorizer: JWTAuthorizer, dialect: Dialect, now: Instant
    ) -> Verdict {
        judge(request, authorizer, dialect, now)
    }

    /// For an agent with `auth: any`: tokens that one of our own pools issued.
    package mutating func judgeAny(_ request: Request, dialect: Dialect, now: Instant) -> Verdict {
        judge(request, nil, dialect, now)
    }

    private mutating func judge(
        _ request: Request, _ authorizer: JWTAuthorizer?, _ dialect: Dialect, _ now: Instant
    ) -> Verdict {
        switch BearerToken(request) {
        case .missing: return .refused(TokenRefusals.missing())
        case .malformed(let why): return .refused(TokenRefusals.unparsable(why: why))
        case .present(let place):
            let token = request.head[place]
            if let generation = keys.generation(of: authorizer?.discoveryUrl, now: now),
                let grant = cache.grant(for: token, authorizer, generation: generation, now: now)
            {
                return .allowed(grant)
            }
            return verify(token, authorizer, dialect, now, base: request.base)
        }
    }

    private mutating func verify(
        _ token: ArraySlice<UInt8>, _ authorizer: JWTAuthorizer?, _ dialect: Dialect, _ now: Instant, base: String
    ) -> Verdict {
        do {
            let jws = try JWS(compact: token)
            let claims = try Claims(jws.payload)
            switch lookup(authorizer, now) {
            case .needs(let url): return .needs(url: url)
            case .failed(let reason): return .refused(TokenRefusals.keysUnavailable(why: reason))
            case .known(let issuer, let set, let generation):
                if let url = try believe(jws, set, authorizer, now) { return .needs(url: url) }
                if let denial = check(claims, authorizer, issuer, dialect, now, base) { return refused(denial, claims) }
                return allowed(token, claims, authorizer, generation)
            }
        } catch {
            return .refused(denial(for: error, token, authorizer))
        }
    }

    /// Without an authorizer the issuer is settled by the token, once it is believed.
    private mutating func lookup(_ authorizer: JWTAuthorizer?, _ now: Instant) -> KeyCache.Lookup {
        if let authorizer { return keys.lookup(authorizer.discoveryUrl, now: now) }
        let set = keys.keysOfOwnPools()
        return .known(issuer: "", keys: set, generation: keys.generation(of: nil, now: now) ?? 0)
    }

    /// The URL to fetch first, when the key may be newer than the set.
    private mutating func believe(
        _ jws: JWS, _ set: JWKSet, _ authorizer: JWTAuthorizer?, _ now: Instant
    ) throws(TokenRefusal) -> String? {
        do {
            try jws.verify(keys: set, allowed: Algorithm.withPublicKeys)
            return nil
        } catch .unknownKey(let id?) {
            if let url = authorizer.flatMap({ keys.search($0.discoveryUrl, now: now) }) { return url }
            throw .unknownKey(id: id)
        }
    }

    private func check(
        _ claims: Claims, _ authorizer: JWTAuthorizer?, _ issuer: String, _ dialect: Dialect, _ now: Instant,
        _ base: String
    ) -> Denial? {
        /// Only for a refusal: it looks at every character.
        func name() -> String { claims.issuer.map(TokenRefusal.shown) ?? "missing" }
        guard let authorizer else {
            guard let found = claims.issuer, IssuerPools.owns(issuer: found) else {
                return TokenRefusals.claim("iss", why: "the token's iss is \(name()), which is no pool of this server")
            }
            return ClaimChecks.time(claims, dialect: dialect, now: now)
        }
        guard let found = claims.issuer,
            ExactText.equal(found, issuer) || IssuerPools.isThisServer(found, expected: issuer, base: base)
        else {
            return TokenRefusals.claim("iss", why: "the token's iss is \(name()), the discovery document's '\(issuer)'")
        }
        return ClaimChecks.time(claims, dialect: dialect, now: now) ?? ClaimChecks.configured(claims, authorizer)
    }

    private mutating func allowed(
        _ token: ArraySlice<UInt8>, _ claims: Claims, _ authorizer: JWTAuthorizer?, _ generation: Int
    ) -> Verdict {
        let grant = Grant(scheme: "jwt", principal: principal(of: claims))
        let last = claims.expires.map(ClaimChecks.lastMoment) ?? Int64.min
        let first = claims.notBefore.map { $0.nanoseconds - ClaimChecks.leeway.nanoseconds } ?? Int64.min
        if first <= last {
            cache.remember(token, grant, by: authorizer, generation: generation, validity: first...last)
        }
        return .allowed(grant)
    }

    private func refused(_ denial: Denial, _ claims: Claims) -> Verdict {
        var denial = denial
        denial.principal = principal(of: claims)
        return .refused(denial)
    }

    private func principal(of claims: Claims) -> String? { claims.subject ?? claims["client_id"]?.text }

    private func denial(
        for refusal: TokenRefusal, _ token: ArraySlice<UInt8>, _ authorizer: JWTAuthorizer?
    ) -> Denial {
        switch refusal {
        case .malformed, .algorithm, .critical: TokenRefusals.unparsable(why: refusal.description)
        case .unknownKey:
            TokenRefusals.unknownKey(why: authorizer == nil ? Self.notOurs(token, refusal) : refusal.description)
        case .keyDoesNotFit, .signature: TokenRefusals.signature(why: refusal.description)
        }
    }

    /// Most often a token of somebody else's issuer was sent to an agent that knows no issuer but this server.
    private static func notOurs(_ token: ArraySlice<UInt8>, _ refusal: TokenRefusal) -> String {
        let claims = try? Claims(try JWS(compact: token).payload)
        guard let issuer = claims?.issuer, !IssuerPools.owns(issuer: issuer) else { return refusal.description }
        return "the token is by \(TokenRefusal.shown(issuer)), which is no pool of this server; "
            + "give the agent a jwt authorizer with that issuer's discoveryUrl"
    }
}
