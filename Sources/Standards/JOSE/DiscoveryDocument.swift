import JSON

/// OpenID Connect Discovery 1.0 section 3, and RFC 8414 section 2: the two members that verifying needs.
package struct DiscoveryDocument: Equatable, Sendable {
    package let issuer: String
    package let keySetURL: String

    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    package init(_ json: [UInt8]) throws(Malformed) {
        let value: JSON.Value
        do { value = try JSON.Value.parse(json, JSON.Options(duplicateMembers: .refuse, maximumDepth: 32)) } catch {
            throw Malformed(description: "the discovery document is not JSON: \(error)")
        }
        guard let issuer = value["issuer"]?.text, !issuer.isEmpty else {
            throw Malformed(description: "the discovery document has no issuer")
        }
        guard let url = value["jwks_uri"]?.text, !url.isEmpty else {
            throw Malformed(description: "the discovery document has no jwks_uri")
        }
        self.issuer = issuer
        keySetURL = url
    }
}
