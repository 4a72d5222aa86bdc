/// RFC 4648 sections 4 and 5. Decoding is strict: RFC 4648 3.3, "Implementations MUST reject the encoded data if it
/// contains characters outside the base alphabet", and 3.5, pad bits must be zero.
package struct Base64: Sendable {
    let alphabet: StaticString
    /// A character for each of the first 128 letters: its code is 64 more than the letter's value, a full stop
    /// stands for none.
    private let codes: StaticString
    let isPadded: Bool

    package static let standard = Base64(
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        codes: """
            ................................\
            ...........~...\u{7F}tuvwxyz{|}......\
            .@ABCDEFGHIJKLMNOPQRSTUVWXY.....\
            .Z[\\]^_`abcdefghijklmnopqrs.....
            """,
        isPadded: true)
    /// RFC 7515 section 2: base64url "with all trailing '=' characters omitted".
    package static let url = Base64(
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        codes: """
            ................................\
            .............~..tuvwxyz{|}......\
            .@ABCDEFGHIJKLMNOPQRSTUVWXY....\u{7F}\
            .Z[\\]^_`abcdefghijklmnopqrs.....
            """,
        isPadded: false)

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
        var isValid = true
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: count / 4 * 3 + 2) { bytes in
            isValid = decode(text.extracting(..<count), to: &bytes)
        }
        return isValid ? bytes : nil
    }

    /// Four letters are three bytes; two or three at the end are one or two.
    private func decode(_ text: Span<UInt8>, to bytes: inout OutputSpan<UInt8>) -> Bool {
        var index = 0
        while index + 4 <= text.count {
            let (a, b, c, d) = (code(text[index]), code(text[index + 1]), code(text[index + 2]), code(text[index + 3]))
            guard a & b & c & d & 64 != 0 else { return false }
            bytes.append(a << 2 | (b & 63) >> 4)
            bytes.append(b << 4 | (c & 63) >> 2)
            bytes.append(c << 6 | d & 63)
            index += 4
        }
        guard index < text.count else { return true }
        let (a, b) = (code(text[index]), code(text[index + 1]))
        let c = index + 2 < text.count ? code(text[index + 2]) : 64
        guard a & b & c & 64 != 0 else { return false }
        bytes.append(a << 2 | (b & 63) >> 4)
        if index + 2 == text.count { return b & 15 == 0 }
        bytes.append(b << 4 | (c & 63) >> 2)
        return c & 3 == 0
    }

    /// 64 and the value of the letter; without the 64, it is none.
    @inline(__always) private func code(_ letter: UInt8) -> UInt8 {
        letter < 128 ? codes.utf8Start[Int(letter)] : 0
    }

    func letter(_ bits: UInt32) -> UInt8 { alphabet.utf8Start[Int(bits & 63)] }
}
