/// Whether bytes are UTF-8, told as they come and at the first one that cannot be (RFC 6455 8.1; the Unicode Standard,
/// table 3-7: well-formed byte sequences). What is left of a character is four bytes of state.
///
/// | first byte | second | third, fourth |
/// |---|---|---|
/// | 00..7F | | |
/// | C2..DF | 80..BF | |
/// | E0 | A0..BF | 80..BF |
/// | E1..EC, EE..EF | 80..BF | 80..BF |
/// | ED | 80..9F | 80..BF |
/// | F0 | 90..BF | 80..BF twice |
/// | F1..F3 | 80..BF | 80..BF twice |
/// | F4 | 80..8F | 80..BF twice |
struct UTF8Check: Equatable, Sendable {
    /// Bytes that the character under way still needs, and what the next of them may be.
    private var missing: UInt8 = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    /// Whether a text may end here.
    var isBetweenCharacters: Bool { missing == 0 }

    /// False when a byte cannot stand where it stands.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place < bytes.count {
            if missing == 0 {
                place = Self.endOfASCII(bytes, from: place)
                if place == bytes.count { return true }
            }
            guard take(bytes[place]) else { return false }
            place += 1
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard (low...high).contains(byte) else { return false }
            missing -= 1
            (low, high) = (0x80, 0xBF)
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, high) = (3, 0x8F)
        default: return false
        }
        return true
    }

    /// Eight bytes a step: most of what is said is ASCII.
    private static func endOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var place = start
        while place &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let marks = word & 0x8080_8080_8080_8080
            if marks != 0 { return place &+ marks.trailingZeroBitCount / 8 }
            place &+= 8
        }
        while place < bytes.count, bytes[place] < 0x80 { place &+= 1 }
        return place
    }
}
