/// Searches that are made for every call, so that they look at as few bytes as they can.
package enum ByteSearch {
    /// The first place of this byte in the range, or the range's end. Eight bytes at a time.
    package static func first(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let pattern = ones &* UInt64(byte)
        let raw = bytes.bytes
        var at = range.lowerBound
        while at + 8 <= range.upperBound {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ pattern
            // The high bit of each byte that was equal; one above the lowest may be set wrongly.
            let found = (word &- ones) & ~word & (ones &* 0x80)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < range.upperBound, bytes[at] != byte { at += 1 }
        return at
    }

    /// The first place of the text in `bytes` from `start` on. It can only stand where nothing but its own bytes stand,
    /// so each window is read from its end, and the first foreign byte moves the window past itself.
    package static func first(_ text: Span<UInt8>, in bytes: Span<UInt8>, from start: Int) -> Int? {
        guard text.count > 0 else { return nil }
        let known = ByteSet(text)
        var place = start
        while place + text.count <= bytes.count {
            var last = place + text.count - 1
            while last >= place, known.contains(bytes[last]) { last -= 1 }
            if last >= place {
                place = last + 1
                continue
            }
            // Known bytes only: compare here, and one by one until a foreign byte comes in at the end.
            repeat {
                if starts(text, at: place, in: bytes) { return place }
                place += 1
            } while place + text.count <= bytes.count && known.contains(bytes[place + text.count - 1])
        }
        return nil
    }

    /// Whether both hold the same bytes. Eight at a time.
    package static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        let (leftRaw, rightRaw) = (left.bytes, right.bytes)
        var at = 0
        while at + 8 <= left.count {
            if leftRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
                != rightRaw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
            {
                return false
            }
            at += 8
        }
        while at < left.count {
            if left[at] != right[at] { return false }
            at += 1
        }
        return true
    }

    private static func starts(_ text: Span<UInt8>, at place: Int, in bytes: Span<UInt8>) -> Bool {
        var length = 0
        while length < text.count, bytes[place + length] == text[length] { length += 1 }
        return length == text.count
    }
}

/// Which of the 256 bytes occur in a text.
private struct ByteSet {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(_ text: Span<UInt8>) {
        for index in 0..<text.count {
            let bit: UInt64 = 1 << UInt64(text[index] & 63)
            switch text[index] >> 6 {
            case 0: words.0 |= bit
            case 1: words.1 |= bit
            case 2: words.2 |= bit
            default: words.3 |= bit
            }
        }
    }

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }
}
