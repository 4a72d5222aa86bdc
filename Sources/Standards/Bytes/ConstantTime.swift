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
