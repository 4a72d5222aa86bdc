import COpenSSL

/// A key that verifies signatures. Immutable once made, so every thread may share it; freed with its last reference.
package final class PublicKey: @unchecked Sendable {
    package enum Kind: Hashable, Sendable {
        case rsa(bits: Int)
        case p256
        case p384
        case p521
        case ed25519
        case ed448
    }

    /// Why bytes did not become a key.
    package enum ImportError: Error, Equatable {
        case modulusTooShort(bits: Int)
        case modulusTooLong(bits: Int)
        case modulusEven
        case exponentRefused
        case coordinateLength
        case pointNotOnCurve
        /// RFC 8032 lets anyone sign for a key of small order, so such a key says nothing.
        case pointOfSmallOrder
        case unreadable
    }

    package let kind: Kind
    private let handle: OpaquePointer
    /// A verification by the algorithm that nearly every token of such a key has, begun and only ever copied: beginning
    /// takes OpenSSL a tenth of the time that the RSA arithmetic takes.
    private let begun: OpaquePointer?

    /// Takes ownership of `handle`.
    init(kind: Kind, owning handle: OpaquePointer) {
        self.kind = kind
        self.handle = handle
        begun = Self.begin(kind.usualAlgorithm, handle)
    }

    deinit {
        EVP_MD_CTX_free(begun)
        EVP_PKEY_free(handle)
    }

    /// Whether this key can have made signatures of this algorithm at all.
    package func fits(_ algorithm: PublicKeyAlgorithm) -> Bool {
        switch (kind, algorithm) {
        case (.rsa, .rsaPKCS1), (.rsa, .rsaPSS), (.ed25519, .ed25519), (.ed448, .ed448): true
        case (.p256, .ecdsa(let hash)): hash == .sha256
        case (.p384, .ecdsa(let hash)): hash == .sha384
        case (.p521, .ecdsa(let hash)): hash == .sha512
        default: false
        }
    }

    /// Whether `signature` is this key's for `message`. A signature of the wrong length, shape or algorithm is
    /// simply not.
    package func verify(_ signature: [UInt8], of message: some Collection<UInt8>, by algorithm: PublicKeyAlgorithm)
        -> Bool
    {
        guard fits(algorithm), signature.count == signatureLength else { return false }
        var presented = signature
        if case .ecdsa = algorithm {
            guard let sequence = ECDSASignature.der(fromConcatenated: signature) else { return false }
            presented = sequence
        }
        // A failed verification leaves its reasons in this thread's queue, where the next TLS call would find them.
        defer { ERR_clear_error() }
        return message.withContiguousStorageIfAvailable { check(presented, $0, algorithm) }
            ?? Array(message).withUnsafeBufferPointer { check(presented, $0, algorithm) }
    }

    /// RFC 8017 8.1.2 and 8.2.2: "If the length of the signature S is not k octets, output 'invalid signature'".
    /// RFC 7518 3.4: R and S as "big-endian octet sequences … of the full size".
    private var signatureLength: Int {
        switch kind {
        case .rsa(let bits): (bits + 7) / 8
        case .p256, .ed25519: 64
        case .p384: 96
        case .p521: 132
        case .ed448: 114
        }
    }

    private func check(
        _ signature: [UInt8], _ message: UnsafeBufferPointer<UInt8>, _ algorithm: PublicKeyAlgorithm
    ) -> Bool {
        let begun = algorithm == kind.usualAlgorithm ? Self.copy(begun) : Self.begin(algorithm, handle)
        guard let begun else { return false }
        defer { EVP_MD_CTX_free(begun) }
        return EVP_DigestVerify(begun, signature, signature.count, message.baseAddress, message.count) == 1
    }

    private static func begin(_ algorithm: PublicKeyAlgorithm, _ handle: OpaquePointer) -> OpaquePointer? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        var parameters: OpaquePointer?
        guard EVP_DigestVerifyInit_ex(context, &parameters, algorithm.digestName, nil, nil, handle, nil) == 1,
            let parameters, RSAPadding.set(parameters, for: algorithm)
        else {
            EVP_MD_CTX_free(context)
            return nil
        }
        return context
    }

    private static func copy(_ begun: OpaquePointer?) -> OpaquePointer? {
        guard let begun, let context = EVP_MD_CTX_new() else { return nil }
        guard EVP_MD_CTX_copy_ex(context, begun) == 1 else {
            EVP_MD_CTX_free(context)
            return nil
        }
        return context
    }
}

extension PublicKey.Kind {
    fileprivate var usualAlgorithm: PublicKeyAlgorithm {
        switch self {
        case .rsa: .rsaPKCS1(.sha256)
        case .p256: .ecdsa(.sha256)
        case .p384: .ecdsa(.sha384)
        case .p521: .ecdsa(.sha512)
        case .ed25519: .ed25519
        case .ed448: .ed448
        }
    }
}

/// The padding of an RSA signature, told to OpenSSL.
enum RSAPadding {
    /// RFC 7518 3.5: "The size of the salt value is the same size as the hash function output" and "the same hash
    /// function [is used] for MGF1", which is OpenSSL's default.
    static func set(_ parameters: OpaquePointer, for algorithm: PublicKeyAlgorithm) -> Bool {
        switch algorithm {
        case .rsaPKCS1: EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) == 1
        case .rsaPSS:
            EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
        case .ecdsa, .ed25519, .ed448: true
        }
    }
}

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

/// The two spellings of an ECDSA signature: JOSE concatenates R and S, OpenSSL wants `SEQUENCE { INTEGER, INTEGER }`.
enum ECDSASignature {
    /// Nil when R or S is zero, which no signer produces (FIPS 186-5 6.4.2 demands 1 to n-1; OpenSSL checks above).
    static func der(fromConcatenated signature: [UInt8]) -> [UInt8]? {
        let half = signature.count / 2
        guard let r = integer(signature[..<half]), let s = integer(signature[half...]) else { return nil }
        let content = r + s
        return [0x30] + length(content.count) + content
    }

    /// X.690 8.3: the shortest two's complement, so a leading one bit needs a zero octet before it.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = bytes.drop { $0 == 0 }
        guard let first = digits.first else { return nil }
        let content = (first & 0x80 == 0 ? [] : [0]) + digits
        return [0x02] + length(content.count) + content
    }

    /// X.690 8.1.3; 139 octets are the most that P-521 needs.
    private static func length(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [0x81, UInt8(count)]
    }
}
