import Bytes
import COpenSSL

/// SHA-2, FIPS 180-4.
package enum Digest: Hashable, Sendable, CaseIterable {
    case sha256
    case sha384
    case sha512

    /// Bytes in a digest.
    package var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Bytes in a block of the compression function: RFC 2104's B.
    package var blockLength: Int { self == .sha256 ? 64 : 128 }

    package func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        let context = DigestContext(self)
        context.update(bytes)
        return context.finish()
    }

    package func hash(_ bytes: [UInt8]) -> [UInt8] { hash(bytes.span) }
}

/// SHA-256 in one call, for whoever has no context at hand.
package enum SHA256 {
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] { Digest.sha256.hash(bytes) }

    package static func hash(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256.hash(bytes) }

    /// SHA-256 of no bytes at all.
    package static let ofNothing = hash([])
}

/// SHA-1, FIPS 180-4. Broken where anybody may choose what is hashed; WebSocket's opening (RFC 6455 10.8) asks for it where
/// nothing depends on that, and nothing else does.
package enum SHA1 {
    /// Fetched once: finding the algorithm takes OpenSSL longer than applying it.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA1", nil)

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { digest, count in
            guard EVP_Digest(bytes, bytes.count, digest.baseAddress, nil, algorithm, nil) == 1 else {
                preconditionFailure("this OpenSSL has no SHA-1")
            }
            count = 20
        }
    }
}
