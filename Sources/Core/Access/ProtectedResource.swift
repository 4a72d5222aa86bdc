import Bytes
import JSON
import Library

/// RFC 9728 as the service spells it: the document that tells a caller which issuer to ask, and the challenge that
/// points to the document.
package struct ProtectedResource: Equatable, Sendable {
    private let address: String
    private let query: String
    private let issuer: String
    private let scopes: [String]

    /// `base` is the server as the caller reached it, `http://127.0.0.1:8787`.
    package init(base: String, arn: String, qualifier: String, issuer: String, authorizer: JWTAuthorizer?) {
        address = "\(base)/runtimes/\(PercentEncoding.encode(arn.utf8))/invocations"
        query = "?qualifier=\(PercentEncoding.encode(qualifier.utf8))"
        self.issuer = issuer
        scopes = Self.advertised(authorizer)
    }

    package var document: JSON.Value {
        var members: [JSON.Value.Member] = [
            .init("authorization_servers", [.string(issuer)]), .init("resource", .string(address + query)),
        ]
        if !scopes.isEmpty { members.append(.init("scopes_supported", .array(scopes.map(JSON.Value.string)))) }
        return .object(members)
    }

    /// The value of `WWW-Authenticate`.
    package var challenge: String {
        let metadata = "\(address)/.well-known/oauth-protected-resource\(query)"
        let scope = scopes.isEmpty ? "" : ", scope=\"\(scopes.joined(separator: " "))\""
        return "Bearer resource_metadata=\"\(metadata)\"\(scope)"
    }

    /// The scopes as clients are to ask for them, where the configuration maps them. RFC 6750 3: a scope has neither
    /// quotation mark nor backslash, so one that has is no scope and is left out.
    private static func advertised(_ authorizer: JWTAuthorizer?) -> [String] {
        let mapping = authorizer?.advertisedScopeMapping ?? []
        return (authorizer?.allowedScopes ?? [])
            .map { scope in mapping.first { $0.name == scope }?.value.text ?? scope }
            .filter { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } }
    }
}
