import JSON

/// A JWK Set (RFC 7517 section 5): the keys of it that can verify, and why the others cannot.
package struct JWKSet: Sendable {
    package let keys: [JWK]
    package let unusable: [JWK.Unusable]

    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    /// Issuers publish two to ten; a set of ten thousand would only cost time.
    package static let keyLimit = 256
    /// Keys of the same id that are tried for one token.
    static let attemptLimit = 8

    package init(_ json: [UInt8]) throws(Malformed) {
        let value: JSON.Value
        do { value = try JSON.Value.parse(json, JSON.Options(duplicateMembers: .refuse, maximumDepth: 32)) } catch {
            throw Malformed(description: "the key set is not JSON: \(error)")
        }
        try self.init(value)
    }

    package init(_ value: JSON.Value) throws(Malformed) {
        guard let list = value["keys"]?.array else { throw Malformed(description: "the key set has no list of keys") }
        guard list.count <= Self.keyLimit else {
            throw Malformed(description: "the key set has \(list.count) keys, more than \(Self.keyLimit)")
        }
        var keys: [JWK] = []
        var unusable: [JWK.Unusable] = []
        for entry in list {
            do { keys.append(try JWK(entry)) } catch { unusable.append(error) }
        }
        // A published secret is none: beside public keys, whoever reads the set could sign with it.
        if keys.contains(where: { !$0.isSecret }) {
            unusable += keys.filter(\.isSecret).map { _ in JWK.Unusable(description: "a secret beside public keys") }
            keys.removeAll(where: \.isSecret)
        }
        self.keys = keys
        self.unusable = unusable
    }

    package init(keys: [JWK]) { (self.keys, self.unusable) = (keys, []) }

    package func contains(id: String) -> Bool { keys.contains { $0.id.map { ExactText.equal($0, id) } ?? false } }

    /// The keys that may have signed. RFC 7517 4.5 lets several keys share an id when they are "equivalent
    /// alternatives", so all that fit are tried. A token that names no key is believed only when there is no choice.
    func candidates(id: String?, algorithm: Algorithm) throws(TokenRefusal) -> [JWK] {
        guard let id else {
            let fitting = keys.filter { $0.fits(algorithm) }
            guard fitting.count == 1 else { throw .unknownKey(id: nil) }
            return fitting
        }
        let named = keys.filter { $0.id.map { ExactText.equal($0, id) } ?? false }
        guard !named.isEmpty else { throw .unknownKey(id: TokenRefusal.shown(id)) }
        let fitting = named.filter { $0.fits(algorithm) }
        guard !fitting.isEmpty else { throw .keyDoesNotFit(algorithm.rawValue) }
        return Array(fitting.prefix(Self.attemptLimit))
    }
}

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
