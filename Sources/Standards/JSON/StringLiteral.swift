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
