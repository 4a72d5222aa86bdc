import HTTPWire
import JOSE
import Library
import Runtime
import Time

/// Bearer tokens: RFC 6750 for the header, RFC 7519 for the token, the service's `customJWTAuthorizer` for what it has
/// to say. In order: parse, keys, signature, issuer, times, claims.
package struct JWTScheme {
    package var keys = KeyCache()
    private var cache = TokenCache()

    package init() {}

    /// Without an authorizer, as for an agent with `auth: any`, tokens that one of our own pools issued are believed.
    package mutating func judge(_ question: Gate.Question, _ authorizer: JWTAuthorizer?) -> GateDecision {
        switch BearerToken(question.request) {
        case .missing: return .refused(TokenRefusals.missing())
        case .malformed(let why): return .refused(TokenRefusals.unparsable(why: why))
        case .present(let place):
            let token = question.request.head[place]
            if let generation = keys.generation(
                of: authorizer?.discoveryUrl, question.issuer, now: question.times.real),
                let grant = cache.grant(
                    for: token, authorizer, generation: generation, space: question.space, now: question.times.server)
            {
                return .allowed(grant)
            }
            let verdict = verify(token, authorizer, question)
            guard case .refused(var denial) = verdict, denial.token == nil else { return verdict }
            denial.token = PresentedToken(token)
            return .refused(denial)
        }
    }

    private mutating func verify(
        _ token: ArraySlice<UInt8>, _ authorizer: JWTAuthorizer?, _ question: Gate.Question
    ) -> GateDecision {
        do {
            let jws = try JWS(compact: token)
            let claims = try Claims(jws.payload)
            switch lookup(authorizer, question) {
            case .needs(let url): return needs(url, question)
            case .failed(let reason): return .refused(TokenRefusals.keysUnavailable(why: reason))
            case .known(let issuer, let set, let generation):
                if let url = try believe(jws, set, authorizer, question.times.real) { return needs(url, question) }
                if let denial = check(claims, authorizer, issuer, question) { return refused(denial, token, claims) }
                return allowed(token, claims, authorizer, generation)
            }
        } catch {
            return .refused(denial(for: error, token, authorizer))
        }
    }

    private func needs(_ url: String, _ question: Gate.Question) -> GateDecision {
        if question.documents < Gate.mostDocuments { return .needs(url: url) }
        return .refused(
            TokenRefusals.keysUnavailable(
                why: "after \(question.documents) documents the keys are still not known; the next would be "
                    + TokenRefusal.shown(url)))
    }

    /// Without an authorizer the issuer is settled by the token, once it is believed.
    private mutating func lookup(_ authorizer: JWTAuthorizer?, _ question: Gate.Question) -> KeyCache.Lookup {
        if let authorizer {
            return keys.lookup(authorizer.discoveryUrl, question.issuer, now: question.times.real)
        }
        return keys.lookupOwn(named: "", question.issuer)
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
        _ claims: Claims, _ authorizer: JWTAuthorizer?, _ issuer: String, _ question: Gate.Question
    ) -> Denial? {
        /// Only for a refusal: it looks at every character.
        func name() -> String { claims.issuer.map(TokenRefusal.shown) ?? "missing" }
        guard let authorizer else {
            guard let found = claims.issuer, IssuerPools.owns(issuer: found, in: question.space) else {
                return TokenRefusals.claim(
                    "iss",
                    why: "the token's iss is \(name()), which is no pool of this server"
                        + (claims.issuer.map { IssuerPools.owns(issuer: $0) } == true ? " in this space" : ""))
            }
            return ClaimChecks.time(claims, dialect: question.dialect, now: question.times.server)
        }
        guard let found = claims.issuer,
            ExactText.equal(found, issuer)
                || IssuerPools.isThisServer(
                    found, expected: issuer, base: question.request.base, space: question.space)
        else {
            return TokenRefusals.claim("iss", why: "the token's iss is \(name()), the discovery document's '\(issuer)'")
        }
        return ClaimChecks.time(claims, dialect: question.dialect, now: question.times.server)
            ?? ClaimChecks.configured(claims, authorizer)
    }

    private mutating func allowed(
        _ token: ArraySlice<UInt8>, _ claims: Claims, _ authorizer: JWTAuthorizer?, _ generation: Int
    ) -> GateDecision {
        let grant = Grant(
            scheme: "jwt", principal: principal(of: claims), token: PresentedToken(token, claims))
        let last = claims.expires.map(ClaimChecks.lastMoment) ?? Int64.min
        let first = claims.notBefore.map { $0.nanoseconds - ClaimChecks.leeway.nanoseconds } ?? Int64.min
        if first <= last {
            cache.remember(
                token, grant, by: authorizer, generation: generation,
                space: claims.issuer.flatMap(IssuerPools.space(ofIssuer:)), validity: first...last)
        }
        return .allowed(grant)
    }

    private func refused(_ denial: Denial, _ token: ArraySlice<UInt8>, _ claims: Claims) -> GateDecision {
        var denial = denial
        denial.principal = principal(of: claims)
        denial.token = PresentedToken(token, claims)
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
