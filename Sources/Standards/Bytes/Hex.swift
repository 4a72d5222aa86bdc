/// RFC 4648 section 8, "Base 16", in lower case as AWS writes it.
public enum Hex {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @inlinable public static func append(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
    }

    /// The bytes that these digits spell; nil for an odd count or any other character.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            guard let value = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// The same for a digest: one look at the room for all digits. Where there are none, an array that is empty stays so:
    /// appending nothing would write into the storage that all empty arrays share.
    package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        text.append(addingCapacity: 2 * bytes.count) { (digits: inout OutputSpan<UInt8>) in append(bytes, to: &digits) }
    }

    package static func append(_ bytes: [UInt8], to text: inout [UInt8]) { append(bytes.span, to: &text) }

    package static func append(_ bytes: Span<UInt8>, to digits: inout OutputSpan<UInt8>) {
        precondition(digits.freeCapacity >= 2 * bytes.count, "no room for the digits")
        digits.withUnsafeMutableBufferPointer { room, count in
            let room = UnsafeMutableRawBufferPointer(room)
            var index = 0
            while index &+ 4 <= bytes.count {
                let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
                let eight = self.digits(of: word.bigEndian)
                room.storeBytes(of: eight.littleEndian, toByteOffset: count, as: UInt64.self)
                index &+= 4
                count &+= 8
            }
            while index < bytes.count {
                room[count] = digit(bytes[index] >> 4)
                room[count &+ 1] = digit(bytes[index] & 15)
                index &+= 1
                count &+= 2
            }
        }
    }

    /// All 16 digits of a number.
    @inlinable public static func append(_ number: UInt64, to text: inout OutputSpan<UInt8>) {
        append(UInt32(truncatingIfNeeded: number >> 32), to: &text)
        append(UInt32(truncatingIfNeeded: number), to: &text)
    }

    /// All eight.
    @inlinable public static func append(_ number: UInt32, to text: inout OutputSpan<UInt8>) {
        text.append(bytesOf: digits(of: number))
    }

    /// All four.
    @inlinable public static func append(_ number: UInt16, to text: inout OutputSpan<UInt8>) {
        text.append(bytesOf: UInt32(truncatingIfNeeded: digits(of: UInt32(number)) >> 32))
    }

    /// The eight digits of a number as the bytes of a word, the first digit lowest. All at once: every answer has about
    /// a hundred.
    @inlinable static func digits(of number: UInt32) -> UInt64 {
        var digits = UInt64(number)
        digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let areLetters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (digits &+ 0x3030_3030_3030_3030 &+ areLetters &* 0x27).byteSwapped
    }

    @inlinable public static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }

    /// The value of one digit, either case.
    @inlinable public static func value(of character: UInt8) -> UInt8? {
        if character &- 0x30 < 10 { return character - 0x30 }
        let letter = character | 0x20
        return letter &- 0x61 < 6 ? letter - 0x57 : nil
    }
}

/// RFC 9562 section 5.4, version 4, from 128 bits that somebody else has drawn.
package enum UUIDText {
    package static func version4(_ high: UInt64, _ low: UInt64) -> String {
        var text: [UInt8] = []
        append(high, low, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The length of the text.
    package static let count = 36

    package static func append(_ high: UInt64, _ low: UInt64, to text: inout [UInt8]) {
        text.append(addingCapacity: count) { append(high, low, to: &$0) }
    }

    /// "The version field … 0b0100 (4)"; "The variant field … 0b10".
    package static func append(_ high: UInt64, _ low: UInt64, to text: inout OutputSpan<UInt8>) {
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        Hex.append(UInt32(truncatingIfNeeded: high >> 32), to: &text)
        text.append(UInt8(ascii: "-"))
        Hex.append(UInt16(truncatingIfNeeded: high >> 16), to: &text)
        text.append(UInt8(ascii: "-"))
        Hex.append(UInt16(truncatingIfNeeded: high), to: &text)
        text.append(UInt8(ascii: "-"))
        Hex.append(UInt16(truncatingIfNeeded: low >> 48), to: &text)
        text.append(UInt8(ascii: "-"))
        Hex.append(UInt16(truncatingIfNeeded: low >> 32), to: &text)
        Hex.append(UInt32(truncatingIfNeeded: low), to: &text)
    }
}
