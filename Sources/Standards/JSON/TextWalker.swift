import Bytes

extension Value {
    /// Whether `parse` reads these bytes. Costs a fraction of it, as nothing is built.
    package static func isText(_ bytes: Span<UInt8>) -> Bool {
        var walker = TextWalker()
        do throws(SyntaxError) {
            if let isText = try walker.walk(bytes) { return isText }
            _ = try parse(bytes)
            return true
        } catch {
            return false
        }
    }
}

/// Walks through a text as `TreeParser` does, and keeps of it what is open: a bit each.
private struct TextWalker {
    private static let deepest = 64
    private var lexer = Lexer(.strict)
    /// Whether each open container is an object, the innermost as the lowest bit.
    private var objects: UInt64 = 0
    private var depth = 0

    /// Whether it is JSON; nil when it is nested too deep to tell.
    mutating func walk(_ bytes: Span<UInt8>) throws(SyntaxError) -> Bool? {
        while true {
            try lexer.skipSpace(bytes)
            guard lexer.at < bytes.count else { return false }
            let first = bytes[lexer.at]
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                guard depth < Self.deepest else { return nil }
                guard let isEmpty = try open(bytes, isObject: first == UInt8(ascii: "{")) else { return false }
                if !isEmpty { continue }
            } else if try !skipScalar(first, bytes) {
                return false
            }
            guard let goesOn = try leave(bytes) else { return false }
            if !goesOn { return true }
        }
    }

    /// Whether the container holds nothing; nil when it is none.
    private mutating func open(_ bytes: Span<UInt8>, isObject: Bool) throws(SyntaxError) -> Bool? {
        lexer.at += 1
        try lexer.skipSpace(bytes)
        if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), bytes) { return true }
        objects = objects << 1 | (isObject ? 1 : 0)
        depth += 1
        if isObject, try !skipName(bytes) { return nil }
        return false
    }

    /// After a value: whether another one follows; nil when what follows is none.
    private mutating func leave(_ bytes: Span<UInt8>) throws(SyntaxError) -> Bool? {
        while true {
            try lexer.skipSpace(bytes)
            if depth == 0 { return lexer.at == bytes.count ? false : nil }
            let isObject = objects & 1 == 1
            if take(UInt8(ascii: ","), bytes) {
                if !isObject { return true }
                try lexer.skipSpace(bytes)
                return try skipName(bytes) ? true : nil
            }
            guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"), bytes) else { return nil }
            objects >>= 1
            depth -= 1
        }
    }

    private mutating func skipName(_ bytes: Span<UInt8>) throws(SyntaxError) -> Bool {
        guard lexer.at < bytes.count, bytes[lexer.at] == UInt8(ascii: "\"") else { return false }
        try lexer.skipString(bytes)
        try lexer.skipSpace(bytes)
        return take(UInt8(ascii: ":"), bytes)
    }

    private mutating func skipScalar(_ first: UInt8, _ bytes: Span<UInt8>) throws(SyntaxError) -> Bool {
        switch first {
        case UInt8(ascii: "\""): try lexer.skipString(bytes)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): _ = try lexer.number(bytes)
        case UInt8(ascii: "t"): return lexer.take("true", bytes)
        case UInt8(ascii: "f"): return lexer.take("false", bytes)
        case UInt8(ascii: "n"): return lexer.take("null", bytes)
        default: return false
        }
        return true
    }

    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard lexer.at < bytes.count, bytes[lexer.at] == byte else { return false }
        lexer.at += 1
        return true
    }
}
