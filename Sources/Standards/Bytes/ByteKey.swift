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
