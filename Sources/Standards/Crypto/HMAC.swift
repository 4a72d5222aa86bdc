import Bytes

/// A key of RFC 2104: "H(K XOR opad, H(K XOR ipad, text))", with both pads hashed once.
package struct HMAC: @unchecked Sendable {
    package let digest: Digest
    /// Where the two hashes stand behind their pads. From here on they are only copied, so that threads may share them.
    private let inner: DigestContext
    private let outer: DigestContext

    package init(_ digest: Digest, key: [UInt8]) {
        // "Applications that use keys longer than B bytes will first hash the key using H."
        var block = key.count > digest.blockLength ? digest.hash(key) : key
        block.append(contentsOf: repeatElement(0, count: digest.blockLength - block.count))
        self.digest = digest
        inner = DigestContext(digest)
        inner.update(block.map { $0 ^ 0x36 })
        outer = DigestContext(digest)
        outer.update(block.map { $0 ^ 0x5C })
    }

    package func code(for message: [UInt8]) -> [UInt8] {
        var code: [UInt8] = []
        write(codeFor: message, into: &code, using: DigestContext(digest))
        return code
    }

    /// The same without an allocation: `code` is replaced, `context` is one of this key's digest.
    package func write(codeFor message: [UInt8], into code: inout [UInt8], using context: DigestContext) {
        context.restart(from: inner)
        context.update(message)
        context.finish(into: &code)
        context.restart(from: outer)
        context.update(code)
        context.finish(into: &code)
    }

    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        HMAC(.sha256, key: key).code(for: message)
    }

    package static func sha384(key: [UInt8], message: [UInt8]) -> [UInt8] {
        HMAC(.sha384, key: key).code(for: message)
    }

    package static func sha512(key: [UInt8], message: [UInt8]) -> [UInt8] {
        HMAC(.sha512, key: key).code(for: message)
    }
}

/// Logs, dumps and failed expectations say what this is, never the key.
extension HMAC: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HMAC key (\(digest))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
