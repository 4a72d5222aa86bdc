import Bytes

/// What stands in a recording where a secret stood: `[KIND-N]`, as in `[jwt-1]`. It matches any value.
package enum RedactedPlace {
    /// The places of all of them in a text, in order.
    package static func all(in text: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var at = ByteSearch.first(UInt8(ascii: "["), in: text, 0..<text.count)
        while at < text.count {
            let end = end(in: text, from: at)
            if let end { found.append(at..<end) }
            at = ByteSearch.first(UInt8(ascii: "["), in: text, (end ?? at + 1)..<text.count)
        }
        return found
    }

    /// Behind the closing bracket of one that begins here: letters, digits and hyphens, then a hyphen and a number.
    private static func end(in text: Span<UInt8>, from start: Int) -> Int? {
        var at = start + 1
        guard at < text.count, ASCII.isLetter(text[at]) else { return nil }
        var digits: Int?
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "]"): return digits.map { $0 > 0 } == true ? at + 1 : nil
            case UInt8(ascii: "-"): digits = 0
            case let byte where ASCII.isDigit(byte): digits = digits.map { $0 + 1 }
            case let byte where ASCII.isLetter(byte) || byte == UInt8(ascii: "_"): digits = nil
            default: return nil
            }
            at += 1
        }
        return nil
    }
}

/// A text with redacted places in it, each of which may be anything.
struct RedactedText: Hashable, Sendable {
    /// What stands before, between and behind the places.
    private let parts: [[UInt8]]

    /// Nil for a text without any.
    init?(_ text: [UInt8]) {
        let places = RedactedPlace.all(in: text.span)
        guard !places.isEmpty else { return nil }
        var parts: [[UInt8]] = []
        var start = 0
        for place in places {
            parts.append(Array(text[start..<place.lowerBound]))
            start = place.upperBound
        }
        parts.append(Array(text[start...]))
        self.parts = parts
    }

    /// Nothing but a place: even a value that is no text may stand there.
    var isWhole: Bool { parts.count == 2 && parts[0].isEmpty && parts[1].isEmpty }

    /// The first part begins the text, the last ends it, and the others follow one another between them.
    func matches(_ text: [UInt8]) -> Bool {
        let (first, last) = (parts[0], parts[parts.count - 1])
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        let middle = Array(text[..<(text.count - last.count)])
        var at = first.count
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let found = ByteSearch.first(part.span, in: middle.span, from: at) else { return false }
            at = found + part.count
        }
        return true
    }
}
