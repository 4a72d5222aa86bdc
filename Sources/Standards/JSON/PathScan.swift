import Bytes

/// Finds the value of a path in undecoded bytes without building anything.
///
/// It goes through the text only as far as the value, and checks only what it needs to find its way: where strings
/// end, and that brackets open and close. It does not check UTF-8, escapes, numbers, commas, depth, what it skips, or
/// what follows; a text that `parse` refuses may still give a value here. Whatever the bytes are, it ends in a range
/// inside them or in nil; decoding the range checks the value itself.
extension Path {
    /// The place of the value; nil when there is none, or when the path has a wildcard or a negative index.
    package func scan(_ bytes: Span<UInt8>) -> Range<Int>? {
        var scanner = Scanner()
        for step in steps {
            scanner.skipSpace(bytes)
            switch step {
            case .name(let name): guard scanner.enterMember(name.utf8.span, bytes) else { return nil }
            case .index(let index): guard index >= 0, scanner.enterElement(index, bytes) else { return nil }
            case .all: return nil
            }
        }
        scanner.skipSpace(bytes)
        let start = scanner.at
        return scanner.skipValue(bytes) ? start..<scanner.at : nil
    }

    package func scan(_ bytes: [UInt8]) -> Range<Int>? { scan(bytes.span) }

    /// The value at this place, decoded; nil when there is none or it is not JSON.
    package func scannedValue(in bytes: Span<UInt8>) -> Value? {
        guard let range = scan(bytes) else { return nil }
        if let text = Self.plainText(bytes.extracting(range)) { return .string(text) }
        do throws(SyntaxError) { return try Value.parse(bytes.extracting(range)) } catch { return nil }
    }
}

extension Path {
    /// A string without escapes, decoded: what nearly every value that is looked for turns out to be.
    private static func plainText(_ literal: Span<UInt8>) -> String? {
        guard literal.count >= 2, literal[0] == UInt8(ascii: "\""),
            PlainText.end(in: literal, from: 1) == literal.count - 1
        else { return nil }
        return String(utf8: literal.extracting(1..<literal.count - 1))
    }
}

private struct Scanner {
    var at = 0

    @inline(__always) mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
    }

    @inline(__always) private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipSpace(bytes)
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// Goes to the value of the first member of this name.
    mutating func enterMember(_ name: Span<UInt8>, _ bytes: Span<UInt8>) -> Bool {
        guard take(UInt8(ascii: "{"), bytes) else { return false }
        while true {
            skipSpace(bytes)
            let start = at
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\""), skipString(bytes) else { return false }
            let end = at
            guard take(UInt8(ascii: ":"), bytes) else { return false }
            if Self.spells(bytes.extracting(start..<end), name) { return true }
            skipSpace(bytes)
            guard skipValue(bytes), take(UInt8(ascii: ","), bytes) else { return false }
        }
    }

    mutating func enterElement(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        guard take(UInt8(ascii: "["), bytes) else { return false }
        for _ in 0..<index {
            skipSpace(bytes)
            guard skipValue(bytes), take(UInt8(ascii: ","), bytes) else { return false }
        }
        return true
    }

    /// A string, a whole container, or whatever stands before the next space, comma or bracket.
    mutating func skipValue(_ bytes: Span<UInt8>) -> Bool {
        guard at < bytes.count else { return false }
        switch bytes[at] {
        case UInt8(ascii: "\""): return skipString(bytes)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipContainer(bytes)
        default:
            let start = at
            while at < bytes.count, !Self.endsWord(bytes[at]) { at += 1 }
            return at > start
        }
    }

    private mutating func skipContainer(_ bytes: Span<UInt8>) -> Bool {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard skipString(bytes) else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return true }
        }
        return false
    }

    @inline(__always) private mutating func skipString(_ bytes: Span<UInt8>) -> Bool {
        at = PlainText.end(in: bytes, from: at + 1)
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") {
                at += 1
                return true
            }
            at = PlainText.end(in: bytes, from: min(at + (bytes[at] == UInt8(ascii: "\\") ? 2 : 1), bytes.count))
        }
        return false
    }

    /// Whether a string, quotation marks included, spells the name; one with escapes is decoded for it.
    @inline(__always) private static func spells(_ literal: Span<UInt8>, _ name: Span<UInt8>) -> Bool {
        if literal.count == name.count + 2 {
            var index = 0
            while index < name.count, literal[index + 1] == name[index] { index += 1 }
            if index == name.count { return PlainText.end(in: name, from: 0) == name.count }
        }
        return literal.count > name.count + 2 && spellsEscaped(literal, name)
    }

    private static func spellsEscaped(_ literal: Span<UInt8>, _ name: Span<UInt8>) -> Bool {
        guard PlainText.end(in: literal, from: 1) < literal.count - 1 else { return false }
        var lexer = Lexer(.strict)
        do throws(SyntaxError) {
            let text = try lexer.string(literal)
            return text.utf8.span.withUnsafeBufferPointer { text in
                name.withUnsafeBufferPointer { text.elementsEqual($0) }
            }
        } catch {
            return false
        }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
