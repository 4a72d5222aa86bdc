import Bytes

/// Takes spaces, strings, numbers and words off the front of a text. The text is an argument, not state.
struct Lexer {
    let options: Options
    /// The next byte.
    var at = 0
    /// A string with escapes is put together here.
    private var decoded: [UInt8] = []

    init(_ options: Options) { self.options = options }

    /// RFC 8259 section 2: `ws = *( %x20 / %x09 / %x0A / %x0D )`
    @inline(__always) mutating func skipSpace(_ bytes: Span<UInt8>) throws(SyntaxError) {
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                at += 1
            } else if byte == UInt8(ascii: "/"), options.comments {
                try skipComment(bytes)
            } else {
                return
            }
        }
    }

    private mutating func skipComment(_ bytes: Span<UInt8>) throws(SyntaxError) {
        let start = at
        let next = start + 1 < bytes.count ? bytes[start + 1] : 0
        at += 2
        if next == UInt8(ascii: "/") {
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        } else if next == UInt8(ascii: "*") {
            while at + 1 < bytes.count {
                if bytes[at] == UInt8(ascii: "*"), bytes[at + 1] == UInt8(ascii: "/") {
                    at += 2
                    return
                }
                at += 1
            }
            throw SyntaxError(at: start, in: bytes, "this comment is not closed: */ is missing")
        } else {
            throw SyntaxError(at: start, in: bytes, "a comment starts with // or /*")
        }
    }

    /// RFC 8259 section 6: `number = [ minus ] int [ frac ] [ exp ]`
    mutating func number(_ bytes: Span<UInt8>) throws(SyntaxError) -> String {
        let start = at
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "0") {
            at += 1
            if at < bytes.count, ASCII.isDigit(bytes[at]) {
                throw SyntaxError(at: start, in: bytes, "a number may not start with 0")
            }
        } else {
            try digits(bytes, after: "a minus sign")
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try digits(bytes, after: "the point of a number")
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits(bytes, after: "the e of a number")
        }
        return try text(bytes.extracting(start..<at), in: bytes, from: start)
    }

    private mutating func digits(_ bytes: Span<UInt8>, after place: StaticString) throws(SyntaxError) {
        let start = at
        while at < bytes.count, ASCII.isDigit(bytes[at]) { at += 1 }
        if at == start { throw SyntaxError(at: at, in: bytes, "a digit must follow \(place)") }
    }

    /// Whether the word stands here; it is taken if so.
    @inline(__always) mutating func take(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - at >= count else { return false }
        for index in 0..<count where bytes[at + index] != word.utf8Start[index] { return false }
        at += count
        return true
    }

    /// The string whose opening quotation mark stands at `at`.
    @inline(__always) mutating func string(_ bytes: Span<UInt8>) throws(SyntaxError) -> String {
        let start = at + 1
        let end = PlainText.end(in: bytes, from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            return try escapedString(bytes, from: start, plainUntil: end)
        }
        at = end + 1
        return try text(bytes.extracting(start..<end), in: bytes, from: start)
    }

    /// As `string`, without making one of it.
    @inline(__always) mutating func skipString(_ bytes: Span<UInt8>) throws(SyntaxError) {
        let start = at + 1
        let end = PlainText.end(in: bytes, from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else {
            _ = try escapedString(bytes, from: start, plainUntil: end)
            return
        }
        at = end + 1
        do throws(Unicode.UTF8.ValidationError) { _ = try UTF8Span(validating: bytes.extracting(start..<end)) } catch {
            throw SyntaxError(at: start + error.byteOffsets.lowerBound, in: bytes, "this is not UTF-8")
        }
    }

    /// `UTF8Span` checks and copies six times as fast as `String(validating:as:)`.
    @inline(__always) private func text(
        _ utf8: Span<UInt8>, in bytes: Span<UInt8>, from start: Int
    ) throws(SyntaxError) -> String {
        do throws(Unicode.UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: utf8))
        } catch {
            throw SyntaxError(at: start + error.byteOffsets.lowerBound, in: bytes, "this is not UTF-8")
        }
    }

    private mutating func escapedString(
        _ bytes: Span<UInt8>, from start: Int, plainUntil firstEnd: Int
    ) throws(SyntaxError) -> String {
        decoded.removeAll(keepingCapacity: true)
        var (runStart, runEnd) = (start, firstEnd)
        while true {
            bytes.extracting(runStart..<runEnd).withUnsafeBufferPointer { decoded.append(contentsOf: $0) }
            guard runEnd < bytes.count else {
                throw SyntaxError(at: start - 1, in: bytes, "this string is not closed: its last \" is missing")
            }
            at = runEnd
            if bytes[at] == UInt8(ascii: "\"") { break }
            try escape(bytes)
            (runStart, runEnd) = (at, PlainText.end(in: bytes, from: at))
        }
        at = runEnd + 1
        // An escape is ASCII and decodes to whole characters: the text is valid as it stands when it is decoded.
        _ = try text(bytes.extracting(start..<runEnd), in: bytes, from: start)
        return try text(decoded.span, in: bytes, from: start)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(SyntaxError) {
        let start = at
        guard bytes[start] == UInt8(ascii: "\\") else {
            let code = "U+00\(Hex.encode([bytes[start]]).uppercased())"
            throw SyntaxError(at: start, in: bytes, "the control character \(code) must be escaped inside a string")
        }
        at += 2
        let letter = start + 1 < bytes.count ? bytes[start + 1] : 0
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: String(try scalar(bytes, escapeStart: start)).utf8)
        default:
            throw SyntaxError(
                at: start, in: bytes, "this is not one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
    }

    /// RFC 8259 8.2 leaves lone surrogates "unpredictable"; RFC 7493 2.1 forbids them, and so do we.
    private mutating func scalar(_ bytes: Span<UInt8>, escapeStart: Int) throws(SyntaxError) -> Unicode.Scalar {
        let first = try hexadecimal(bytes, escapeStart: escapeStart)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let second = at
        if first < 0xDC00, take("\\u", bytes) {
            let low = try hexadecimal(bytes, escapeStart: second)
            if low & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(0x1_0000 + (first & 0x3FF) << 10 + low & 0x3FF) {
                return scalar
            }
        }
        throw SyntaxError(at: escapeStart, in: bytes, "half of a surrogate pair stands alone")
    }

    private mutating func hexadecimal(_ bytes: Span<UInt8>, escapeStart: Int) throws(SyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count, let digit = Hex.value(of: bytes[at]) else {
                throw SyntaxError(at: escapeStart, in: bytes, "\\u takes four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
