/// RFC 3986 section 2.1, with upper-case digits: "producers should use uppercase hexadecimal digits".
public enum PercentEncoding {
    /// RFC 3986 section 2.3: "ALPHA / DIGIT / "-" / "." / "_" / "~"".
    @inlinable public static func isUnreserved(_ byte: UInt8) -> Bool {
        // A bit for each of 64 characters: `-`, `.` and the digits; the letters, `_` and `~`.
        let set: UInt64 = byte < 64 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE
        return byte < 128 && set &>> UInt64(byte & 63) & 1 == 1
    }

    /// Appends `byte` as it is when unreserved, as `%XX` otherwise.
    @inlinable public static func append(_ byte: UInt8, to text: inout [UInt8]) {
        if isUnreserved(byte) { return text.append(byte) }
        text.append(UInt8(ascii: "%"))
        text.append(upperDigit(byte >> 4))
        text.append(upperDigit(byte & 15))
    }

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes { append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes behind the escapes; nil for an incomplete or illegal escape. `plusIsSpace` is the rule of
    /// `application/x-www-form-urlencoded`.
    package static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        var characters = text.makeIterator()
        while let character = characters.next() {
            if character == UInt8(ascii: "%") {
                guard let high = characters.next().flatMap(Hex.value), let low = characters.next().flatMap(Hex.value)
                else { return nil }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsSpace && character == UInt8(ascii: "+") ? UInt8(ascii: " ") : character)
            }
        }
        return bytes
    }

    @inlinable public static func upperDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x37 + value
    }
}
