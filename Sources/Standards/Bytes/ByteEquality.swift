/// Bytes as the key of a dictionary, hashed in one go.
package struct ByteKey: Hashable, Sendable {
    package let bytes: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }
    package init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    package static func == (left: ByteKey, right: ByteKey) -> Bool {
        ByteSearch.equal(left.bytes.span, right.bytes.span)
    }

    /// The same bytes in storage of their own, so that a kept key does not keep the request it came from.
    package var owned: ByteKey { ByteKey(Array(bytes)) }
}

/// Equality that takes as long for a near miss as for a far one, so that a secret cannot be guessed byte by byte.
package enum ConstantTime {
    package static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        let (leftRaw, rightRaw) = (left.bytes, right.bytes)
        var difference: UInt64 = 0
        var at = 0
        while at + 8 <= left.count {
            difference |=
                leftRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
                ^ rightRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
            at += 8
        }
        while at < left.count {
            difference |= UInt64(left[at] ^ right[at])
            at += 1
        }
        return difference == 0
    }

    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool { equal(left.span, right.span) }
}
