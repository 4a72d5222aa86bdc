import Bytes
import JSON

/// A JSON Web Signature in the compact serialization (RFC 7515 3.1 and 7.1), taken apart and not yet believed.
package struct JWS: Equatable, Sendable {
    package let header: Header
    package let payload: [UInt8]
    let signature: [UInt8]
    /// RFC 7515 5.2: "ASCII(BASE64URL(UTF8(JWS Protected Header)) || '.' || BASE64URL(JWS Payload))"
    let signingInput: [UInt8]

    /// Tokens travel in a header field, and a whole head has 64 KB.
    package static let sizeLimit = 65_536

    package init(compact token: some Collection<UInt8>) throws(TokenRefusal) {
        let token = Array(token)
        guard token.count <= Self.sizeLimit else { throw .malformed("it has more than \(Self.sizeLimit) bytes") }
        let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed(Self.wrongCount(parts.count)) }
        guard !parts[0].isEmpty else { throw .malformed("its header is missing") }
        guard !parts[2].isEmpty else { throw .malformed("it is not signed") }
        // RFC 7515 section 2: base64url "without the inclusion of any line breaks, whitespace, or other additional
        // characters".
        guard let header = Base64.url.decode(parts[0]), let payload = Base64.url.decode(parts[1]),
            let signature = Base64.url.decode(parts[2])
        else { throw .malformed("a part of it is not base64url") }
        self.header = try Header(header)
        self.payload = payload
        self.signature = signature
        signingInput = Array(token[..<parts[1].endIndex])
    }

    /// The token once a key of `keys` has vouched for it by an algorithm that the caller allows.
    package static func verify(
        _ token: some Collection<UInt8>, keys: JWKSet, allowed: Set<Algorithm> = Algorithm.withPublicKeys
    ) throws(TokenRefusal) -> JWS {
        let token = try JWS(compact: token)
        try token.verify(keys: keys, allowed: allowed)
        return token
    }

    /// RFC 8725 3.1: "Libraries MUST enable the caller to specify a supported set of algorithms and MUST NOT use any
    /// other algorithms"; and "each key MUST be used with exactly one algorithm".
    package func verify(keys: JWKSet, allowed: Set<Algorithm>) throws(TokenRefusal) {
        guard allowed.contains(header.algorithm) else { throw .algorithm(header.algorithm.rawValue) }
        for key in try keys.candidates(id: header.keyID, algorithm: header.algorithm)
        where key.verify(signature, of: signingInput, by: header.algorithm) {
            return
        }
        throw .signature
    }

    private static func wrongCount(_ count: Int) -> String {
        switch count {
        case 5: "it has five parts: an encrypted token, which nobody here can read"
        case 1: "it has no dots: an opaque token"
        default: "it does not have three parts"
        }
    }
}

/// The JOSE header of a compact JWS. Whatever it says about where to find keys (`jku`, `jwk`, `x5u`, `x5c`) is not
/// even read: a token must not choose who vouches for it.
package struct Header: Equatable, Sendable {
    package let algorithm: Algorithm
    package let keyID: String?
    package let type: String?

    /// An embedded JWK needs three levels; nothing needs more than this.
    private static let options = JSON.Options(duplicateMembers: .refuse, maximumDepth: 16)

    init(_ json: [UInt8]) throws(TokenRefusal) {
        let value: JSON.Value
        do { value = try JSON.Value.parse(json, Self.options) } catch {
            throw .malformed("its header is not JSON: \(error.message)")
        }
        guard value.members != nil else { throw .malformed("its header is not a JSON object") }
        // RFC 7797 5.2 demands `crit` with `b64`; without it, a verifier that ignores `b64` reads another payload.
        guard value["crit"] == nil, value["b64"] == nil else { throw .critical }
        // RFC 7516 4.1.3 knows `zip` for encryption only. Inflating what is not verified yet is an invitation.
        guard value["zip"] == nil else { throw .malformed("its header has zip, which signed tokens do not have") }
        keyID = try Self.text("kid", in: value)
        type = try Self.text("typ", in: value)
        guard let name = try Self.text("alg", in: value) else { throw .malformed("its header has no alg") }
        guard let algorithm = Algorithm(rawValue: name) else { throw .algorithm(TokenRefusal.shown(name)) }
        self.algorithm = algorithm
    }

    private static func text(_ name: String, in value: JSON.Value) throws(TokenRefusal) -> String? {
        guard let member = value[name] else { return nil }
        guard let text = member.text else { throw .malformed("its header's \(name) is \(member.kind)") }
        return text
    }
}

/// Why a token is not believed. None of them quotes the token.
package enum TokenRefusal: Error, Equatable, CustomStringConvertible {
    /// It is no compact JWS, or its header or claims are not what RFC 7515 and RFC 7519 say.
    case malformed(String)
    /// `none`, a name nobody knows, or one that is not allowed here.
    case algorithm(String)
    /// RFC 7515 4.1.11: "If any of the listed extension Header Parameters are not understood and supported by the
    /// recipient, then the JWS is invalid." We understand none.
    case critical
    /// No key of this id, or none at all that fits.
    case unknownKey(id: String?)
    /// The key is there but not for this: its `alg`, `kty` or `crv` says otherwise.
    case keyDoesNotFit(String)
    case signature

    package var description: String {
        switch self {
        case .malformed(let what): "not a usable token: \(what)"
        case .algorithm(let name): "the token's alg is \(name), which is not allowed here"
        case .critical: "the token's header has crit or b64: extensions that are not understood"
        case .unknownKey(let id?): "no usable key in the key set has the token's kid \(id)"
        case .unknownKey(nil): "the token names no key, and not exactly one key of the set fits its alg"
        case .keyDoesNotFit(let name): "the key of the token's kid is not for \(name)"
        case .signature: "the token's signature is not by its key"
        }
    }

    /// What the sender wrote, made fit for a message: short, and without control characters for somebody's terminal.
    package static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(64).map { (" "..."~").contains($0) ? $0 : "?" }
        return "'\(String(String.UnicodeScalarView(scalars)))'"
    }
}
