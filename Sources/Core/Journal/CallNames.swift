import Bytes

/// What queries and expectations ask for in the same words.
package enum StatusRange {
    /// `404`, `4xx` or `200-299`.
    package static func read(_ text: String) -> ClosedRange<Int>? {
        let bytes = text.utf8.map(ASCII.lowercased)
        if bytes.count == 3, ASCII.isDigit(bytes[0]), bytes[1...] == [UInt8(ascii: "x"), UInt8(ascii: "x")] {
            let first = Int(bytes[0] - UInt8(ascii: "0")) * 100
            return first > 0 && first < 600 ? first...first + 99 : nil
        }
        let ends = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = status(ends[0]), let last = status(ends[ends.count - 1]), first <= last
        else { return nil }
        return first...last
    }

    private static func status(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count == 3, let number = ASCII.decimal(digits), (100...599).contains(number) else { return nil }
        return number
    }
}

extension Glob {
    /// An agent matches by its ARN or by the id at its end.
    package func matches(agent text: Span<UInt8>) -> Bool {
        if matches(text) { return true }
        var start = text.count
        while start > 0, text[start - 1] != UInt8(ascii: "/") { start -= 1 }
        return start > 0 && matches(text.extracting(start...))
    }
}
