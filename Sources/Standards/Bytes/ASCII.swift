// What is called for every byte is `public`: Swift 6.3 does not inline `package` functions into other modules, whatever
// their attributes say, and a call for each byte costs more than the work.

/// Letters and numbers as bytes. `"\r\n"` is one `Character` in Swift, so everything on the wire stays bytes.
public enum ASCII {
    @inlinable public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inlinable public static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inlinable public static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// RFC 9110 5.6.2: "tchar", the characters of a token.
    @inlinable public static func isToken(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// Whether `bytes` spells `lowercase`, whatever its case. `lowercase` must be lower-case ASCII, with none of the
    /// characters `_`, "`", `{`, `|`, `}` and `~`.
    @inlinable public static func equals(_ bytes: Span<UInt8>, lowercase: StaticString) -> Bool {
        bytes.count == lowercase.utf8CodeUnitCount && spells(bytes, lowercase)
    }

    /// Eight letters at a time. Where two bytes differ, it may be by the bit that tells the cases apart and only where
    /// the byte has the bit of all letters.
    public static func spells(_ bytes: Span<UInt8>, _ lowercase: StaticString) -> Bool {
        let letters = UnsafeRawPointer(lowercase.utf8Start)
        guard bytes.count >= 8 else {
            for index in 0..<bytes.count where lowercased(bytes[index]) != lowercase.utf8Start[index] { return false }
            return true
        }
        let cases: UInt64 = 0x2020_2020_2020_2020
        let last = bytes.count - 8
        var index = 0
        while true {
            let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let difference = word ^ letters.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard difference & ~cases | (difference << 1) & ~word == 0 else { return false }
            // The last word may overlap the one before.
            if index == last { return true }
            index = min(index + 8, last)
        }
    }

    /// Whether both are the same but for the case of letters.
    public static func equalsIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        guard left.count >= 8 else {
            for index in 0..<left.count where lowercased(left[index]) != lowercased(right[index]) { return false }
            return true
        }
        let last = left.count - 8
        var index = 0
        while true {
            let leftWord = left.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let rightWord = right.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard leftWord == rightWord || lowercased(leftWord) == lowercased(rightWord) else { return false }
            if index == last { return true }
            index = min(index + 8, last)
        }
    }

    /// Eight bytes at a time: the bit that tells the cases apart is a quarter of the high bit.
    private static func lowercased(_ word: UInt64) -> UInt64 { word | capitals(in: word) >> 2 }

    /// The high bit of each byte that is a capital letter.
    private static func capitals(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let sevenBits = word & (ones &* 0x7F)
        let isFromA = sevenBits &+ ones &* (0x80 - 0x41)
        let isBeyondZ = sevenBits &+ ones &* (0x7F - 0x5A)
        return (isFromA ^ isBeyondZ) & ~word & (ones &* 0x80)
    }

    /// Whether no byte is beyond the first 128.
    package static func isAll(_ bytes: Span<UInt8>) -> Bool {
        var (index, all): (Int, UInt64) = (0, 0)
        while index + 8 <= bytes.count {
            all |= bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            all |= UInt64(bytes[index])
            index += 1
        }
        return all & 0x8080_8080_8080_8080 == 0
    }

    public static func hasCapital(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index + 8 <= bytes.count {
            if capitals(in: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)) != 0 {
                return true
            }
            index += 8
        }
        while index < bytes.count, lowercased(bytes[index]) == bytes[index] { index += 1 }
        return index < bytes.count
    }

    @inlinable public static func equalsIgnoringCase(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>)
        -> Bool
    {
        left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    /// A decimal number of at most 18 digits and nothing else; nil otherwise.
    @inlinable public static func decimal(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var value = 0
        for byte in bytes {
            guard isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}

extension [UInt8] {
    @inlinable public mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inlinable public mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends `number` in decimal.
    package mutating func append(decimal number: Int) {
        append(addingCapacity: 20) { $0.append(decimal: number) }
    }

    /// Appends `number` in decimal, padded with zeros to `width` digits.
    package mutating func append(decimal number: Int, width: Int) {
        var divisor = 1
        for _ in 1..<Swift.max(width, 1) { divisor *= 10 }
        if number >= divisor * 10 { return append(decimal: number) }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

/// What is written piece by piece into room that was made once.
extension OutputSpan<UInt8> {
    @inlinable @inline(__always) public mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inlinable @inline(__always) public mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    /// The bytes of a word, the lowest first.
    @inlinable @inline(__always) public mutating func append<Word: FixedWidthInteger>(bytesOf word: Word) {
        let size = MemoryLayout<Word>.size
        withUnsafeMutableBufferPointer { room, count in
            precondition(room.count - count >= size, "no room for the word")
            UnsafeMutableRawBufferPointer(room).storeBytes(of: word.littleEndian, toByteOffset: count, as: Word.self)
            count += size
        }
    }

    @inlinable @inline(__always) public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        withUnsafeMutableBufferPointer { room, count in
            precondition(room.count - count >= bytes.count, "no room for the text")
            (room.baseAddress.unsafelyUnwrapped + count).initialize(from: source, count: bytes.count)
            count += bytes.count
        }
    }

    /// Appends `number` in decimal: at most 20 characters.
    @inlinable public mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var divisor: UInt = 1
        while rest / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}

extension String {
    /// The text that these bytes spell, or nil when they are not valid UTF-8.
    package init?(utf8 bytes: some Sequence<UInt8>) {
        self.init(validating: bytes, as: UTF8.self)
    }

    // The same for bytes in a row: looking up what a generic needs costs more than reading a short text.
    package init?(utf8 bytes: Span<UInt8>) {
        do throws(Unicode.UTF8.ValidationError) {
            self.init(copying: try UTF8Span(validating: bytes))
        } catch {
            return nil
        }
    }

    package init?(utf8 bytes: ArraySlice<UInt8>) { self.init(utf8: bytes.span) }

    package init?(utf8 bytes: [UInt8]) { self.init(utf8: bytes.span) }

    /// The text that these bytes spell, with U+FFFD for what is not UTF-8: for messages and the journal only.
    package init(lossy bytes: some Collection<UInt8>) {
        self.init(decoding: bytes, as: UTF8.self)
    }

    // The same for those that are asked for with every call, and are not generic.
    package init(lossy bytes: ArraySlice<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    package init(lossy bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    package init(lossy bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
