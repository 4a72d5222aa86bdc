import Bytes
import HTTPWire
import JSON
import Library
import Runtime
import Support
import Time

@testable import Access

/// An issuer somewhere on this machine, the fixtures' keys as its key set, and an agent that trusts it.
enum TokenWorld {
    static let now = Instant(seconds: 1_767_225_600)
    static let issuer = "http://127.0.0.1:9999/pool"
    static let discoveryURL = "\(issuer)/.well-known/openid-configuration"
    static let keySetURL = "\(issuer)/keys"
    static let discovery = Array(#"{"issuer":"\#(issuer)","jwks_uri":"\#(keySetURL)"}"#.utf8)
    static let keySet = TokenFixtures.bytes("keys.json")

    static var authorizer: JWTAuthorizer {
        var authorizer = JWTAuthorizer(discoveryUrl: discoveryURL)
        authorizer.allowedClients = ["app"]
        return authorizer
    }

    /// Both documents known.
    static var scheme: JWTScheme {
        var scheme = JWTScheme()
        _ = scheme.keys.lookup(discoveryURL, Issuer(), now: now)
        scheme.keys.learn(url: discoveryURL, content: discovery, now: now)
        scheme.keys.learn(url: keySetURL, content: keySet, now: now)
        return scheme
    }

    static func request(_ authorization: String...) -> Request {
        .made(
            "POST", "/runtimes/a/invocations?access_token=x.y.z",
            [("Host", "127.0.0.1:8787")] + authorization.map { ("Authorization", $0) })
    }

    /// Claims that the agent takes, with others set or (as null) removed.
    static func claims(_ changes: KeyValuePairs<String, String> = [:]) -> String {
        var members: [(String, String)] = [
            ("iss", "\"\(issuer)\""), ("sub", "\"anna\""), ("client_id", "\"app\""), ("token_use", "\"access\""),
            ("exp", "\(now.seconds + 3_600)"), ("iat", "\(now.seconds)"),
        ]
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if value != "-" { members.append((name, value)) }
        }
        return "{\(members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ","))}"
    }

    static func token(_ changes: KeyValuePairs<String, String> = [:]) -> String { TokenMaker.signed(claims(changes)) }

    /// What the agent makes of a token.
    static func judge(
        _ token: String, _ authorizer: JWTAuthorizer = authorizer, dialect: Dialect = .y2025, now: Instant = now
    ) -> GateDecision {
        var scheme = scheme
        return scheme.judge(request("Bearer \(token)"), authorizer: authorizer, dialect: dialect, now: now)
    }
}

extension JWTScheme {
    /// For an agent with this authorizer, or without one for an agent that takes any token of ours.
    mutating func judge(
        _ request: Request, authorizer: JWTAuthorizer?, dialect: Dialect, space: String = "default",
        issuer: Issuer = Issuer(), now: Instant, real: Instant? = nil, documents: Int = 0
    ) -> GateDecision {
        let question = Gate.Question(
            request: request, auth: authorizer.map(Auth.jwt) ?? .any, dialect: dialect, region: nil, action: "",
            resource: "", space: space, issuer: issuer,
            times: Gate.Times(server: now, signature: now, real: real ?? now), documents: documents,
            echoesSignatures: false)
        return judge(question, authorizer)
    }

    mutating func judgeAny(
        _ request: Request, dialect: Dialect, space: String = "default", issuer: Issuer = Issuer(), now: Instant
    ) -> GateDecision {
        judge(request, authorizer: nil, dialect: dialect, space: space, issuer: issuer, now: now)
    }
}

extension GateDecision {
    var isAllowed: Bool { if case .allowed = self { true } else { false } }
    var denial: Denial? { if case .refused(let denial) = self { denial } else { nil } }
    /// `403 OAuth authorization failed: Failed to parse token`, for tables.
    var summary: String {
        switch self {
        case .allowed(let grant): "allowed \(grant.principal ?? "-")"
        case .refused(let denial): "\(denial.status) \(denial.message)"
        case .needs(let url): "needs \(url)"
        case .elsewhere(let grant): "elsewhere: \(grant.why ?? "-")"
        }
    }
}
