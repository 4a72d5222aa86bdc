/// How far two texts of one length agree from their ends.
package enum CommonEnds {
    /// The bytes that both begin with. Eight at a time.
    package static func prefix(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        let count = min(left.count, right.count)
        let (leftRaw, rightRaw) = (left.bytes, right.bytes)
        var at = 0
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
