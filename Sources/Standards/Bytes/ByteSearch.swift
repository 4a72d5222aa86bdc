/// Searches that are made for every call, so that they look at as few bytes as they can.
package enum ByteSearch {
    /// The first place of this byte in the range, or the range's end.
    package static func first(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let pattern = ones &* UInt64(byte)
        // The high bit of each byte that is equal; one above the lowest may be set wrongly.
        return first(in: bytes, range, last: { $0 == byte }) { word in
            let difference = word ^ pattern
            return (difference &- ones) & ~difference & (ones &* 0x80)
        }
    }

    /// The first place of one of three bytes in the range, or the range's end.
    package static func first(
        of one: UInt8, _ two: UInt8, _ three: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Int {
        let patterns = (ones &* UInt64(one), ones &* UInt64(two), ones &* UInt64(three))
        return first(in: bytes, range, last: { $0 == one || $0 == two || $0 == three }) { word in
            let (a, b, c) = (word ^ patterns.0, word ^ patterns.1, word ^ patterns.2)
            return ((a &- ones) & ~a | (b &- ones) & ~b | (c &- ones) & ~c) & (ones &* 0x80)
        }
    }

    /// The first place of a byte less than `limit` (128 at most) in the range, or the range's end.
    package static func firstBelow(_ limit: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let limits = ones &* UInt64(limit)
        return first(in: bytes, range, last: { $0 < limit }) { (($0 &- limits) & ~$0) & (ones &* 0x80) }
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Eight bytes at a time. `marks` has the high bit set in the lowest of a word's bytes that is looked for, and
    /// nothing when there is none. The range is checked once, for all of its words.
    @inline(__always) private static func first(
        in bytes: Span<UInt8>, _ range: Range<Int>, last isWanted: (UInt8) -> Bool, marks: (UInt64) -> UInt64
    ) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a range beyond the bytes")
        let end = range.upperBound
        return bytes.withUnsafeBytes { raw in
            var at = range.lowerBound
            while at &+ 8 <= end {
                let found = marks(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                if found != 0 { return at &+ found.trailingZeroBitCount / 8 }
                at &+= 8
            }
            guard at < end else { return end }
            guard end >= 8 else {
                while at < end, !isWanted(raw[at]) { at &+= 1 }
                return at
            }
            // The word that ends with the range, without what lies before: zeros take the place of what is behind.
            let last = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self))
            let found = marks(last >> UInt64(8 &* (8 &- (end &- at))))
            return min(at &+ found.trailingZeroBitCount / 8, end)
        }
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
        let count = left.count
        guard count >= 8 else {
            for at in 0..<count where left[at] != right[at] { return false }
            return true
        }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                // The last word may overlap the one before.
                var at = 0
                while at &+ 16 < count,
                    (word(left, at) ^ word(right, at)) | (word(left, at &+ 8) ^ word(right, at &+ 8)) == 0
                { at &+= 16 }
                while at &+ 8 < count, word(left, at) == word(right, at) { at &+= 8 }
                return at &+ 8 >= count && word(left, count &- 8) == word(right, count &- 8)
            }
        }
    }

    @inline(__always) private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
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
