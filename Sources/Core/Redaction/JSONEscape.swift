import Bytes

/// RFC 8259 7: what one escape of a string stands for.
struct JSONEscape {
    let bytes: [UInt8]
    /// How many bytes it is written with.
    let count: Int

    init?(_ text: [UInt8], _ at: Int, _ end: Int) {
        guard text[at] == UInt8(ascii: "\\"), at + 1 < end else { return nil }
        let letter = text[at + 1]
        if let byte = Self.byte(letter) {
            (bytes, count) = ([byte], 2)
            return
        }
        guard letter == UInt8(ascii: "u"), at + 6 <= end else { return nil }
        var value: UInt32 = 0
        for index in at + 2..<at + 6 {
            guard let digit = Hex.value(of: text[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        // Half of a pair is no character, and no secret is made of them.
        bytes = Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [0xEF, 0xBF, 0xBD]
        count = 6
    }

    private static func byte(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): letter
        default: nil
        }
    }
}
