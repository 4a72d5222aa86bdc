import Bytes
import Fields

/// Which calls of a session, counted from 1: `"1"`, `"2-4"`, `"5+"`, `"every 3"` (the 3rd, 6th …), and lists of those
/// with commas.
package struct CallPattern: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case range(ClosedRange<Int>)
        case every(Int)
    }

    package let text: String
    private let parts: [Part]

    /// Nil when the text says no such thing.
    package init?(_ text: String) {
        var parts: [Part] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let part = Self.part(Self.trimmed(Array(word.utf8)[...])) else { return nil }
            parts.append(part)
        }
        self.text = text
        self.parts = parts
    }

    package func contains(_ call: Int) -> Bool {
        for part in parts {
            switch part {
            case .range(let range): if range.contains(call) { return true }
            case .every(let step): if call > 0, call % step == 0 { return true }
            }
        }
        return false
    }

    /// Why `text` says no such thing; nil when it does.
    package static func problem(_ text: String) -> String? {
        if CallPattern(text) != nil { return nil }
        let isBackwards = text.split(separator: ",").contains { word in
            let ends = Array(word.utf8).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .map { number(trimmed($0)) }
            guard ends.count == 2, let first = ends[0], let last = ends[1] else { return false }
            return first > last
        }
        return isBackwards
            ? "\(Excerpt.of(.string(text))) ends before it begins: it can never hold"
            : "\(Excerpt.of(.string(text))) does not say which calls"
    }

    private static func part(_ word: ArraySlice<UInt8>) -> Part? {
        if word.starts(with: "every ".utf8) {
            return number(trimmed(word.dropFirst("every ".utf8.count))).map(Part.every)
        }
        if word.last == UInt8(ascii: "+") {
            return number(trimmed(word.dropLast())).map { .range($0...Int.max) }
        }
        guard let dash = word.firstIndex(of: UInt8(ascii: "-")) else {
            return number(word).map { .range($0...$0) }
        }
        guard let first = number(trimmed(word[..<dash])), let last = number(trimmed(word[(dash + 1)...])),
            first <= last
        else { return nil }
        return .range(first...last)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard let value = ASCII.decimal(digits), value > 0 else { return nil }
        return value
    }

    private static func trimmed(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let space = UInt8(ascii: " ")
        var word = word.drop { $0 == space }
        while word.last == space { word = word.dropLast() }
        return word
    }
}

extension TextCheck {
    package static let call = TextCheck { text in
        CallPattern.problem(text).map {
            Problem(
                message: $0,
                hint: "calls are written \"1\", \"2-4\", \"5+\", \"every 3\", or several of those with commas")
        }
    }
}
