import Bytes
import Crypto
import JOSE
import Time

/// A token that a caller showed, known by what is no secret: by this the journal tells when a client began to use another
/// one.
package struct PresentedToken: Equatable, Sendable {
    /// Its `jti`, or the beginning of its hash.
    package let id: String
    package let issuedAt: Instant?
    package let expires: Instant?

    /// `claims` need not be believed. RFC 7519 4.1.7: the `jti` is "a unique identifier for the JWT"; one that is long, or
    /// has characters that no identifier has, is passed over.
    init(_ token: ArraySlice<UInt8>, _ claims: Claims? = nil) {
        let name = claims?["jti"]?.text.flatMap { text in
            (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? text : nil
        }
        id = name ?? Hex.encode(SHA256.hash(Array(token)).prefix(8))
        issuedAt = claims?.issuedAt.map { Instant(nanoseconds: $0.nanoseconds) }
        expires = claims?.expires.map { Instant(nanoseconds: $0.nanoseconds) }
    }
}
