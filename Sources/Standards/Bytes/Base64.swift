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
        let text = bytes.withContiguousStorageIfAvailable { encode($0.span) } ?? encode(Array(bytes).span)
        return String(decoding: text, as: UTF8.self)
    }

    package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable { decode($0.span) } ?? decode(Array(text).span)
    }

    private func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var held = 0
        for index in 0..<bytes.count {
            bits = bits << 8 | UInt32(bytes[index])
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letter(bits >> UInt32(held)))
            }
        }
        if held > 0 { text.append(letter(bits << UInt32(6 - held))) }
        while isPadded, text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return text
    }

    private func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var count = text.count
        if isPadded {
            guard count % 4 == 0 else { return nil }
            for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        }
        guard count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for index in 0..<count {
            guard let value = value(of: text[index]) else { return nil }
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
