import Bytes
import JSON
import Library
import Runtime
import Time

/// Why no token can be made, in words for whoever asked.
package struct TokenMistake: Error, Equatable {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// Tokens on demand: `understudy token` and `POST /_understudy/tokens`. A token for an agent is one that the agent's
/// authorizer accepts, except where the asker wants it otherwise.
package struct TokenRequests {
    private static let members = ["agent", "expiresIn", "claims", "clientId", "user", "idToken", "scopes"]
    /// A client that every library's issuer answers for, when nobody names one.
    package static let defaultClient = "understudy-client"

    private let agents: [Agent]
    private let users: [User]
    private let issuer: Issuer

    package init(_ scenario: Scenario, issuer: Issuer = Issuer()) {
        agents = scenario.agents
        users = scenario.users
        self.issuer = issuer
    }

    /// `base` is the server's own URL: the issuer of tokens that are for no agent in particular.
    package func token(
        for request: Value, base: String, now: Instant, chance: inout some RandomNumberGenerator
    ) throws(TokenMistake) -> String {
        let wanted = try Self.read(request)
        let authorizer = try authorizer(of: wanted["agent"]?.text)
        let issuerName =
            authorizer.flatMap { IssuerPools.issuer(ofDiscoveryURL: $0.discoveryUrl) } ?? IssuerPools.issuer(base: base)
        let client = wanted["clientId"]?.text ?? authorizer?.allowedClients?.first ?? Self.defaultClient
        let isID = wanted["idToken"]?.bool ?? false
        let user = users.first { $0.username == wanted["user"]?.text }
        var token = IssuerToken(
            kind: isID ? .id : .access, issuer: issuerName, clientId: client,
            username: wanted["user"]?.text ?? (isID ? "anna" : nil), issuedAt: now)
        token.groups = user?.groups ?? []
        token.scopes = (authorizer?.allowedScopes?.first).map { [$0] } ?? user?.scopes ?? []
        token.lifetime = try Self.lifetime(wanted["expiresIn"]?.text)
        token.claims = Self.claims(that: authorizer, asksFor: isID) + (wanted["claims"]?.members ?? [])
        if let scopes = wanted["scopes"]?.array { token.scopes = scopes.compactMap(\.text) }
        return issuer.token(token, chance: &chance)
    }

    /// Why nobody may take the token that is asked for, or nil.
    package func doubt(about request: Value, base: String) -> String? {
        guard let name = request["agent"]?.text else {
            let client = request["clientId"]?.text ?? Self.defaultClient
            return agents.contains { takesAny($0, client, base) }
                ? nil : "no agent of the library takes a token that is for none of them in particular: name one (agent)"
        }
        switch entry(of: name)?.auth ?? .sigv4 {
        case .sigv4: return "\(name) takes signatures, and no token"
        case .none: return "\(name) lets everybody in, and looks at no token"
        case .any: return nil
        case .jwt(let authorizer):
            guard IssuerPools.issuer(ofDiscoveryURL: authorizer.discoveryUrl) != nil else {
                return "\(name) believes the issuer at \(authorizer.discoveryUrl), and this one is none of its"
            }
            guard let allowed = authorizer.allowedClients else { return nil }
            if request["idToken"]?.bool == true {
                return "\(name) wants one of its allowedClients as client_id, which an ID token has not"
            }
            guard let client = request["clientId"]?.text, !allowed.containsExactly(client) else { return nil }
            return
                "\(name) takes tokens of the clients \(allowed.joined(separator: ", ")), and \(client) is none of them"
        }
    }

    private func takesAny(_ agent: Agent, _ client: String, _ base: String) -> Bool {
        switch agent.auth ?? .sigv4 {
        case .any: return true
        case .sigv4, .none: return false
        case .jwt(let authorizer):
            return IssuerPools.issuer(ofDiscoveryURL: authorizer.discoveryUrl) == IssuerPools.issuer(base: base)
                && authorizer.allowedClients?.containsExactly(client) ?? true && authorizer.allowedAudience == nil
                && authorizer.allowedScopes == nil && authorizer.customClaims == nil
        }
    }

    private static func read(_ request: Value) throws(TokenMistake) -> Value {
        guard let given = request.members else { throw TokenMistake("a token is asked for with a JSON object") }
        for member in given where !members.contains(member.name) {
            throw TokenMistake("“\(member.name)” is not one of \(members.joined(separator: ", "))")
        }
        for (name, fits) in [
            ("agent", { $0.text != nil }), ("expiresIn", { $0.text != nil }), ("clientId", { $0.text != nil }),
            ("user", { $0.text != nil }), ("idToken", { $0.bool != nil }), ("claims", { $0.members != nil }),
            ("scopes", { $0.array != nil }),
        ] as [(String, (Value) -> Bool)] {
            if let value = request[name], !fits(value) { throw TokenMistake("“\(name)” cannot be \(value.kind)") }
        }
        if let other = request["scopes"]?.array?.first(where: { $0.text == nil }) {
            throw TokenMistake("“scopes” cannot hold \(other.kind)")
        }
        return request
    }

    /// Nil for an agent that takes no tokens, and for one that only a `*` in the library stands for.
    private func authorizer(of agent: String?) throws(TokenMistake) -> JWTAuthorizer? {
        guard let agent else { return nil }
        guard let entry = entry(of: agent) else {
            let known = agents.map { AgentARN($0.arn)?.id ?? $0.arn }.joined(separator: ", ")
            throw TokenMistake("the library has no agent “\(agent)”; it has \(known)")
        }
        guard case .jwt(let authorizer) = entry.auth else { return nil }
        return authorizer
    }

    private func entry(of agent: String) -> Agent? {
        let named = agents.filter { entry in
            Glob(entry.arn).matches(agent) || AgentARN(entry.arn)?.id == agent
                || AgentARN(agent).map { Glob(entry.arn).matches($0.id) } ?? false
        }
        return named.first { !Glob($0.arn).matchesEverything } ?? named.first
    }

    /// `45s`, `60m`; with a minus before it, a token that has expired already.
    private static func lifetime(_ text: String?) throws(TokenMistake) -> Duration {
        guard let text else { return .seconds(3_600) }
        let isPast = text.hasPrefix("-")
        guard let duration = Duration(text: isPast ? String(text.dropFirst()) : text) else {
            throw TokenMistake("“\(text)” is no duration: write 45s, 10m or 1h")
        }
        return isPast ? .zero - duration : duration
    }

    /// What the authorizer checks beyond the client: an audience, and claims of the library's own.
    private static func claims(that authorizer: JWTAuthorizer?, asksFor isID: Bool) -> [Value.Member] {
        var claims: [Value.Member] = []
        if let audience = authorizer?.allowedAudience?.first { claims.append(.init("aud", .string(audience))) }
        for claim in authorizer?.customClaims ?? [] {
            switch (claim.valueType, claim.match) {
            case (.string, .string(let text)): claims.append(.init(claim.name, .string(text)))
            case (.string, .list(let texts)): claims.append(.init(claim.name, Value(texts.first)))
            case (.stringArray, .string(let text)): claims.append(.init(claim.name, .array([.string(text)])))
            case (.stringArray, .list(let texts)): claims.append(.init(claim.name, .array(texts.map(Value.string))))
            }
        }
        return claims
    }
}
