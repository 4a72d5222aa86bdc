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

/// A running hash. Reusing one context saves its allocation with every digest; it is not safe to share between
/// threads, and not `Sendable`.
///
/// It keeps the state of OpenSSL's own SHA-2 functions. They do the same work with the same instructions as an `EVP_MD`,
/// which allocates such a state with every digest and cannot be copied without another allocation.
package final class DigestContext {
    private enum State {
        case sha256(UnsafeMutablePointer<SHA256_CTX>)
        /// Of SHA-384 too, which differs in how it begins and where it is cut.
        case sha512(UnsafeMutablePointer<SHA512_CTX>)
    }

    package let digest: Digest
    private let state: State

    package init(_ digest: Digest) {
        self.digest = digest
        state = digest == .sha256 ? .sha256(.allocate(capacity: 1)) : .sha512(.allocate(capacity: 1))
        restart()
    }

    /// The state may be that of a key.
    deinit {
        switch state {
        case .sha256(let pointer):
            OPENSSL_cleanse(pointer, MemoryLayout<SHA256_CTX>.size)
            pointer.deallocate()
        case .sha512(let pointer):
            OPENSSL_cleanse(pointer, MemoryLayout<SHA512_CTX>.size)
            pointer.deallocate()
        }
    }

    /// Forgets what was hashed so far.
    package func restart() {
        switch state {
        case .sha256(let pointer): SHA256_Init(pointer)
        case .sha512(let pointer) where digest == .sha384: SHA384_Init(pointer)
        case .sha512(let pointer): SHA512_Init(pointer)
        }
    }

    /// Goes on from where `other`, a context of the same digest, stands.
    func restart(from other: DigestContext) {
        switch (state, other.state) {
        case (.sha256(let pointer), .sha256(let source)): pointer.update(from: source, count: 1)
        case (.sha512(let pointer), .sha512(let source)) where digest == other.digest:
            pointer.update(from: source, count: 1)
        default: preconditionFailure("a context of another digest")
        }
    }

    package func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { bytes in
            switch state {
            case .sha256(let pointer): _ = SHA256_Update(pointer, bytes.baseAddress, bytes.count)
            case .sha512(let pointer): _ = SHA512_Update(pointer, bytes.baseAddress, bytes.count)
            }
        }
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

    /// The digest in hexadecimal digits; the context is ready for the next.
    package func finishInHex() -> [UInt8] {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var room = bytes.mutableSpan
        room.withUnsafeMutableBufferPointer { finish(into: $0.baseAddress) }
        var text: [UInt8] = []
        Hex.append(bytes.span.extracting(..<digest.length), to: &text)
        return text
    }

    private func finish(into pointer: UnsafeMutablePointer<UInt8>?) {
        switch state {
        case .sha256(let state): SHA256_Final(pointer, state)
        case .sha512(let state): SHA512_Final(pointer, state)
        }
        restart()
    }
}
