/// How far two texts of one length agree from their ends.
package enum CommonEnds {
    /// The bytes that both begin with. Eight at a time.
    package static func prefix(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        let count = min(left.count, right.count)
        let (leftRaw, rightRaw) = (left.bytes, right.bytes)
        var at = 0
        while at + 32 <= count, Self.agree(leftRaw, rightRaw, at) { at += 32 }
        while at + 8 <= count {
            let difference =
                leftRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
                ^ rightRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
            if difference != 0 { return at + UInt64(littleEndian: difference).trailingZeroBitCount / 8 }
            at += 8
        }
        while at < count, left[at] == right[at] { at += 1 }
        return at
    }

    /// Whether the next 32 bytes are the same.
    @inline(__always) private static func agree(_ left: RawSpan, _ right: RawSpan, _ at: Int) -> Bool {
        func difference(_ offset: Int) -> UInt64 {
            left.unsafeLoadUnaligned(fromByteOffset: at + offset, as: UInt64.self)
                ^ right.unsafeLoadUnaligned(fromByteOffset: at + offset, as: UInt64.self)
        }
        return difference(0) | difference(8) | difference(16) | difference(24) == 0
    }

    /// The bytes that both end with, those of `prefix` not counted again.
    package static func suffix(_ left: Span<UInt8>, _ right: Span<UInt8>, after prefix: Int) -> Int {
        let most = min(left.count, right.count) - prefix
        let (leftRaw, rightRaw) = (left.bytes, right.bytes)
        var length = 0
        while length + 8 <= most {
            let difference =
                leftRaw.unsafeLoadUnaligned(fromByteOffset: left.count - length - 8, as: UInt64.self)
                ^ rightRaw.unsafeLoadUnaligned(fromByteOffset: right.count - length - 8, as: UInt64.self)
            if difference != 0 { return length + UInt64(littleEndian: difference).leadingZeroBitCount / 8 }
            length += 8
        }
        while length < most, left[left.count - length - 1] == right[right.count - length - 1] { length += 1 }
        return length
    }
}
