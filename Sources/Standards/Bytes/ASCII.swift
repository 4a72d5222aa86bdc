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
        let cases: UInt64 = 0x2020_2020_2020_2020
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let difference = word ^ letters.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard difference & ~cases | (difference << 1) & ~word == 0 else { return false }
            index += 8
        }
        while index < bytes.count, lowercased(bytes[index]) == lowercase.utf8Start[index] { index += 1 }
        return index == bytes.count
    }

    /// Whether both are the same but for the case of letters.
    public static func equalsIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var index = 0
        while index + 8 <= left.count {
            let difference =
                left.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                ^ right.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if difference & ~0x2020_2020_2020_2020 != 0 { return false }
            if difference != 0 {
                for place in index..<index + 8 where lowercased(left[place]) != lowercased(right[place]) {
                    return false
                }
            }
            index += 8
        }
        while index < left.count, lowercased(left[index]) == lowercased(right[index]) { index += 1 }
        return index == left.count
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

    /// The text that these bytes spell, with U+FFFD for what is not UTF-8: for messages and the journal only.
    package init(lossy bytes: some Collection<UInt8>) {
        self.init(decoding: bytes, as: UTF8.self)
    }

    // The same for the two that are asked for with every call, and are not generic.
    package init(lossy bytes: ArraySlice<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    package init(lossy bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
