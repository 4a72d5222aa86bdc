/// How a signature is made with a key pair: the primitives that RFC 7518 and RFC 8037 give names to.
package enum PublicKeyAlgorithm: Hashable, Sendable {
    /// RSASSA-PKCS1-v1_5, RFC 8017 8.2.
    case rsaPKCS1(Digest)
    /// RSASSA-PSS, RFC 8017 8.1, with MGF1 over the same hash and a salt as long as the hash.
    case rsaPSS(Digest)
    /// RFC 7518 3.4: each hash has its curve, and each curve its hash.
    case ecdsa(Digest)
    case ed25519
    case ed448

    /// The hash as OpenSSL calls it; nil where the algorithm hashes by its own rule.
    var digestName: String? {
        switch self {
        case .rsaPKCS1(let digest), .rsaPSS(let digest), .ecdsa(let digest):
            switch digest {
            case .sha256: "SHA2-256"
            case .sha384: "SHA2-384"
            case .sha512: "SHA2-512"
            }
        case .ed25519, .ed448: nil
        }
    }
}
