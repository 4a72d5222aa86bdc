import Bytes

/// One JSON string, quotation marks included, from text or from bytes that ought to be UTF-8.
package enum StringLiteral {
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        appendValid(text.utf8.span, to: &bytes)
    }

    /// A part of a string whose quotation marks the caller writes.
    package static func append(partOf text: String, to bytes: inout [UInt8]) {
        appendContent(text.utf8.span, to: &bytes)
    }

    /// What is not UTF-8 becomes U+FFFD.
    package static func append(lossy utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: utf8)
            appendValid(utf8, to: &bytes)
        } catch {
            append(utf8.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }, to: &bytes)
        }
    }

    /// RFC 8259 section 7: "the characters that MUST be escaped: quotation mark, reverse solidus, and the control
    /// characters (U+0000 through U+001F)".
    private static func appendValid(_ utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        appendContent(utf8, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendContent(_ utf8: Span<UInt8>, to bytes: inout [UInt8]) {
        var at = 0
        while true {
            let end = PlainText.end(in: utf8, from: at)
            if end > at { utf8.extracting(at..<end).withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
            guard end < utf8.count else { break }
            appendEscape(of: utf8[end], to: &bytes)
            at = end + 1
        }
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x00..<0x20:
            bytes.append("u00")
            Hex.append(CollectionOfOne(byte), to: &bytes)
        default: bytes.append(byte)
        }
    }
}

/// Finds where plain text inside a string ends: at a quotation mark, a backslash or a control character. Eight bytes at
/// a time, because nearly all bytes of a JSON text are plain text.
enum PlainText {
    /// The index of the first byte that is not plain, or the count of `bytes`.
    @inline(__always) static func end(in bytes: Span<UInt8>, from start: Int) -> Int {
        var at = start
        let raw = bytes.bytes
        while at + 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
            let found = special(in: word)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count, !isSpecial(bytes[at]) { at += 1 }
        return at
    }

    @inline(__always) static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// The high bit of each special byte. A byte above the lowest hit may be marked wrongly, since the subtraction
    /// borrows from it; the lowest mark is always right, and only that one is used.
    @inline(__always) private static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let marks =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
        return marks & (ones &* 0x80)
    }
}
