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

    /// The implementation, fetched once for the process: `EVP_sha256()` would search for it with every use.
    var fetched: OpaquePointer {
        switch self {
        case .sha256: Fetched.sha256.pointer
        case .sha384: Fetched.sha384.pointer
        case .sha512: Fetched.sha512.pointer
        }
    }
}

/// An `EVP_MD` is immutable once fetched, so that all threads may use one; this one lives as long as the process.
private struct Fetched: @unchecked Sendable {
    let pointer: OpaquePointer

    static let sha256 = Fetched("SHA2-256")
    static let sha384 = Fetched("SHA2-384")
    static let sha512 = Fetched("SHA2-512")

    init(_ name: String) {
        guard let digest = EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("this OpenSSL has no \(name): nothing can be verified without it")
        }
        pointer = digest
    }
}
