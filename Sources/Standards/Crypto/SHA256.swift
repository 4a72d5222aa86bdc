import Bytes

/// SHA-256 in one call, for whoever has no context at hand.
package enum SHA256 {
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] { Digest.sha256.hash(bytes) }

    package static func hash(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256.hash(bytes) }

    /// SHA-256 of no bytes at all.
    package static let ofNothing = hash([])
}
