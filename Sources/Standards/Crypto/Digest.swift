import Bytes

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
