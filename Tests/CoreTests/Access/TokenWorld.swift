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
        _ = scheme.keys.lookup(discoveryURL, now: now)
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
    ) -> Verdict {
        var scheme = scheme
        return scheme.judge(request("Bearer \(token)"), authorizer: authorizer, dialect: dialect, now: now)
    }
}

extension Verdict {
    var isAllowed: Bool { if case .allowed = self { true } else { false } }
    var denial: Denial? { if case .refused(let denial) = self { denial } else { nil } }
    /// `403 OAuth authorization failed: Failed to parse token`, for tables.
    var summary: String {
        switch self {
        case .allowed(let grant): "allowed \(grant.principal ?? "-")"
        case .refused(let denial): "\(denial.status) \(denial.message)"
        case .needs(let url): "needs \(url)"
        }
    }
}
