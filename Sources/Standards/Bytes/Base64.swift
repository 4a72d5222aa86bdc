/// RFC 4648 sections 4 and 5. Decoding is strict: RFC 4648 3.3, "Implementations MUST reject the encoded data if it
/// contains characters outside the base alphabet", and 3.5, pad bits must be zero.
package struct Base64: Sendable {
    let alphabet: StaticString
    let isPadded: Bool

    package static let standard = Base64(
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", isPadded: true)
    /// RFC 7515 section 2: base64url "with all trailing '=' characters omitted".
    package static let url = Base64(
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", isPadded: false)

    package func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var held = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letter(bits >> UInt32(held)))
            }
        }
        if held > 0 { text.append(letter(bits << UInt32(6 - held))) }
        while isPadded, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var letters = text[...]
        if isPadded {
            guard text.count % 4 == 0 else { return nil }
            for _ in 0..<2 where letters.first != nil && letters.suffix(1).first == UInt8(ascii: "=") {
                letters = letters.dropLast(1)
            }
        }
        guard letters.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for letter in letters {
            guard let value = value(of: letter) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return bits & (1 << UInt32(held) - 1) == 0 ? bytes : nil
    }

    func letter(_ bits: UInt32) -> UInt8 { alphabet.utf8Start[Int(bits & 63)] }

    func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - 0x41
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - 0x61 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - 0x30 + 52
        case alphabet.utf8Start[62]: 62
        case alphabet.utf8Start[63]: 63
        default: nil
        }
    }
}
