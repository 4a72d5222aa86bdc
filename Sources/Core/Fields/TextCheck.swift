import Bytes
import JSON
import Time

/// What a text has to be, one line each: the reason when it is not.
package struct TextCheck: Sendable {
    package struct Problem: Equatable {
        package var message: String
        package var hint: String?

        package init(message: String, hint: String? = nil) {
            self.message = message
            self.hint = hint
        }
    }

    package let problem: @Sendable (String) -> Problem?
    /// The words that pass, where they are known.
    package private(set) var words: [String]?

    package init(_ problem: @escaping @Sendable (String) -> Problem?) { self.problem = problem }

    package init(
        _ message: @escaping @Sendable (String) -> String, hint: String? = nil,
        _ holds: @escaping @Sendable (String) -> Bool
    ) {
        problem = { holds($0) ? nil : Problem(message: message($0), hint: hint) }
    }

    package static let notEmpty = TextCheck({ _ in "is empty" }) { !$0.isEmpty }

    package static let duration = TextCheck(
        { "\(quoted($0)) is not a duration" }, hint: "durations are written \"250ms\", \"1.5s\", \"15m\", \"8h\""
    ) { Duration(text: $0) != nil }

    package static let glob = TextCheck { text in
        if text.isEmpty { return Problem(message: "the pattern is empty", hint: "\"*\" matches everything") }
        let isOdd = text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
        guard isOdd else { return nil }
        return Problem(
            message: "the pattern \(quoted(text)) holds a space or a control character, which no name has", hint: nil)
    }

    package static let moment = TextCheck(
        { "\(quoted($0)) is not a moment" }, hint: "moments are written as in RFC 3339: \"2026-01-15T12:00:00Z\""
    ) { Instant(rfc3339: $0.utf8) != nil }

    /// One of these names, or a pattern over names.
    package static func name(among names: [String]) -> TextCheck {
        let isName = oneOf(names)
        return TextCheck { text in
            let isPattern = text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
            return isPattern ? glob.problem(text) : isName.problem(text)
        }
    }

    package static let headerName = TextCheck({ "\(quoted($0)) cannot be the name of a header field" }) {
        !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isToken)
    }

    package static func oneOf(_ words: [String]) -> TextCheck {
        var check = TextCheck { text in
            if words.contains(text) { return nil }
            return Problem(
                message: "\(quoted(text)) is not one of \(words.joined(separator: ", "))",
                hint: NearName.hint(for: text, among: words))
        }
        check.words = words
        return check
    }

    package static func quoted(_ text: String) -> String { Excerpt.of(.string(text)) }
}

/// What somebody may have meant.
package enum NearName {
    /// `did you mean "reply"?`, or nil when no name is near.
    package static func hint(for word: String, among names: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().utf8)
        guard (3..<80).contains(letters.count) else { return nil }
        let most = letters.count / 3
        var nearest: (distance: Int, name: String)?
        for name in names where abs(name.utf8.count - letters.count) <= most {
            let distance = distance(letters, Array(name.lowercased().utf8))
            if distance <= most, distance < nearest?.distance ?? Int.max { nearest = (distance, name) }
        }
        return nearest.map { "did you mean \"\($0.name)\"?" }
    }

    /// Letters to change, add, leave out or exchange with their neighbour (optimal string alignment).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
