import Crypto

/// The `alg` values of RFC 7518 section 3, RFC 8037 and RFC 9864 that sign. `none` is not among them.
package enum Algorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// RFC 8037: whichever Edwards curve the key names.
    case edDSA = "EdDSA"
    /// RFC 9864: the same with the curve in the name.
    case ed25519 = "Ed25519"
    case ed448 = "Ed448"

    /// All that a published key can verify. With `HS…` among them, the public key itself would be the secret.
    package static let withPublicKeys = Set(allCases).subtracting([.hs256, .hs384, .hs512])

    /// The hash of `HS…`; nil for what needs a key pair.
    var secretDigest: Digest? {
        switch self {
        case .hs256: .sha256
        case .hs384: .sha384
        case .hs512: .sha512
        default: nil
        }
    }

    /// What the name means for a key of this kind.
    func primitive(for kind: PublicKey.Kind) -> PublicKeyAlgorithm? {
        switch self {
        case .hs256, .hs384, .hs512: nil
        case .rs256: .rsaPKCS1(.sha256)
        case .rs384: .rsaPKCS1(.sha384)
        case .rs512: .rsaPKCS1(.sha512)
        case .ps256: .rsaPSS(.sha256)
        case .ps384: .rsaPSS(.sha384)
        case .ps512: .rsaPSS(.sha512)
        case .es256: .ecdsa(.sha256)
        case .es384: .ecdsa(.sha384)
        case .es512: .ecdsa(.sha512)
        case .edDSA: kind == .ed448 ? .ed448 : .ed25519
        case .ed25519: .ed25519
        case .ed448: .ed448
        }
    }
}
