import Bytes
import Crypto
import JSON

/// A JSON Web Key (RFC 7517) that can verify. The private members of a key that was published with them are ignored.
package struct JWK: Sendable {
    package let id: String?
    /// RFC 7517 4.4: "the algorithm intended for use with the key".
    package let algorithm: Algorithm?
    private let material: Material

    private enum Material: Sendable {
        case pair(PublicKey)
        case secret([UInt8])
    }

    /// Why a key of a set is not used; the set lives on without it (RFC 7517 section 5: "Implementations SHOULD ignore
    /// JWKs within a JWK Set that use 'kty' values that are not understood, …, or for which values are out of the
    /// supported ranges").
    package struct Unusable: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    package init(_ value: JSON.Value) throws(Unusable) {
        guard value.members != nil else { throw Unusable(description: "it is \(value.kind)") }
        id = try Self.text("kid", of: value)
        if let use = try Self.text("use", of: value), use != "sig" {
            throw Unusable(description: "its use is not sig")
        }
        if let operations = value["key_ops"], operations.array?.contains("verify") != true {
            throw Unusable(description: "its key_ops have no verify")
        }
        material = try Self.material(of: value)
        algorithm = try Self.text("alg", of: value).map { name throws(Unusable) in
            guard let algorithm = Algorithm(rawValue: name) else {
                throw Unusable(description: "its alg is none that signs")
            }
            return algorithm
        }
        if let algorithm, !canVerify(algorithm) {
            throw Unusable(description: "its alg \(algorithm.rawValue) is not for its kty and crv")
        }
    }

    package var isSecret: Bool {
        if case .secret = material { true } else { false }
    }

    /// Whether tokens of `algorithm` may be this key's: what it is made of allows it, and so does its own `alg`.
    package func fits(_ algorithm: Algorithm) -> Bool {
        (self.algorithm ?? algorithm) == algorithm && canVerify(algorithm)
    }

    func verify(_ signature: [UInt8], of message: [UInt8], by algorithm: Algorithm) -> Bool {
        switch material {
        case .pair(let key):
            guard let primitive = algorithm.primitive(for: key.kind) else { return false }
            return key.verify(signature, of: message, by: primitive)
        case .secret(let secret):
            guard let digest = algorithm.secretDigest else { return false }
            return ConstantTime.equal(HMAC(digest, key: secret).code(for: message), signature)
        }
    }

    private func canVerify(_ algorithm: Algorithm) -> Bool {
        switch material {
        case .pair(let key): algorithm.primitive(for: key.kind).map(key.fits) ?? false
        // RFC 7518 3.2: "A key of the same size as the hash output … or larger MUST be used".
        case .secret(let secret): algorithm.secretDigest.map { secret.count >= $0.length } ?? false
        }
    }
}

extension JWK {
    private static func material(of value: JSON.Value) throws(Unusable) -> Material {
        switch try text("kty", of: value) {
        case "RSA": return .pair(try rsa(value))
        case "EC": return .pair(try elliptic(value))
        case "OKP": return .pair(try edwards(value))
        case "oct": return .secret(try octets("k", of: value))
        case nil: throw Unusable(description: "it has no kty")
        default: throw Unusable(description: "its kty is unknown")
        }
    }

    private static func rsa(_ value: JSON.Value) throws(Unusable) -> PublicKey {
        let (modulus, exponent) = (try octets("n", of: value), try octets("e", of: value))
        return try imported { () throws(PublicKey.ImportError) in
            try PublicKey(rsaModulus: modulus, exponent: exponent)
        }
    }

    private static func elliptic(_ value: JSON.Value) throws(Unusable) -> PublicKey {
        let curve: PublicKey.Kind
        switch try text("crv", of: value) {
        case "P-256": curve = .p256
        case "P-384": curve = .p384
        case "P-521": curve = .p521
        default: throw Unusable(description: "its crv is unknown")
        }
        let (x, y) = (try octets("x", of: value), try octets("y", of: value))
        return try imported { () throws(PublicKey.ImportError) in try PublicKey(curve: curve, x: x, y: y) }
    }

    private static func edwards(_ value: JSON.Value) throws(Unusable) -> PublicKey {
        let curve: PublicKey.Kind
        switch try text("crv", of: value) {
        case "Ed25519": curve = .ed25519
        case "Ed448": curve = .ed448
        // X25519 and X448 agree on secrets; they cannot sign.
        default: throw Unusable(description: "its crv does not sign")
        }
        let point = try octets("x", of: value)
        return try imported { () throws(PublicKey.ImportError) in try PublicKey(edwards: curve, point: point) }
    }

    private static func imported(
        _ make: () throws(PublicKey.ImportError) -> PublicKey
    ) throws(Unusable) -> PublicKey {
        do { return try make() } catch { throw Unusable(description: "its numbers are no key: \(error)") }
    }

    private static func octets(_ name: String, of value: JSON.Value) throws(Unusable) -> [UInt8] {
        guard let text = try text(name, of: value), let octets = Base64.url.decode(Array(text.utf8)) else {
            throw Unusable(description: "its \(name) is not base64url")
        }
        return octets
    }

    private static func text(_ name: String, of value: JSON.Value) throws(Unusable) -> String? {
        guard let member = value[name] else { return nil }
        guard let text = member.text else { throw Unusable(description: "its \(name) is \(member.kind)") }
        return text
    }
}
