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
