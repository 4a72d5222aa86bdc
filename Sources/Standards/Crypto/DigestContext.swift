import Bytes
import COpenSSL

/// A running hash. Reusing one context saves its allocation with every digest; it is not safe to share between
/// threads, and not `Sendable`.
package final class DigestContext {
    package let digest: Digest
    private let context: OpaquePointer
    private var isStarted = false

    package init(_ digest: Digest) {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory for a digest context") }
        self.digest = digest
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Forgets what was hashed so far.
    package func restart() { isStarted = false }

    package func update(_ bytes: Span<UInt8>) {
        start()
        bytes.withUnsafeBufferPointer { Self.require(EVP_DigestUpdate(context, $0.baseAddress, $0.count)) }
    }

    package func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// The digest of everything since the last start; the context is ready for the next.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: digest.length) { buffer, count in
            finish(into: buffer.baseAddress)
            count = digest.length
        }
    }

    /// Replaces `bytes` by the digest, without an allocation when it already has the room.
    package func finish(into bytes: inout [UInt8]) {
        if bytes.count != digest.length { bytes = [UInt8](repeating: 0, count: digest.length) }
        bytes.withUnsafeMutableBufferPointer { finish(into: $0.baseAddress) }
    }

    private func finish(into pointer: UnsafeMutablePointer<UInt8>?) {
        start()
        Self.require(EVP_DigestFinal_ex(context, pointer, nil))
        isStarted = false
    }

    private func start() {
        if isStarted { return }
        Self.require(EVP_DigestInit_ex2(context, digest.fetched, nil))
        isStarted = true
    }

    /// These calls fail for want of memory only. Going on would compare against a digest of nothing.
    private static func require(_ result: CInt) {
        guard result == 1 else { preconditionFailure("OpenSSL could not compute a digest") }
    }
}
