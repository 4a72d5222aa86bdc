import JSON

/// One mistake in a scenario file: where it is, what is wrong, and what to do about it.
package struct Mistake: Error, Equatable, Sendable, CustomStringConvertible {
    package var file: String
    /// From 1, the column in characters.
    package var line: Int
    package var column: Int
    /// `rules[2].when.call`; empty for the file itself.
    package var path: String
    package var message: String
    package var hint: String?

    package init(file: String, line: Int, column: Int, path: String, message: String, hint: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// `coach.json:12:9: rules[2].when.call: …; …`
    package var description: String {
        let place = path.isEmpty ? "" : "\(path): "
        return "\(file):\(line):\(column): \(place)\(message)\(hint.map { "; \($0)" } ?? "")"
    }
}

/// Collects mistakes by their place in the bytes while a file is read.
package final class MistakeList {
    private struct Entry {
        var offset: Int
        var path: FieldPath
        var message: String
        var hint: String?
    }

    private var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    package func add(_ message: String, hint: String? = nil, at offset: Int, path: FieldPath) {
        entries.append(Entry(offset: offset, path: path, message: message, hint: hint))
    }

    /// In the order of the file. One walk finds all lines and columns, however many mistakes there are.
    package func mistakes(file: String, bytes: [UInt8]) -> [Mistake] {
        var found: [Mistake] = []
        var (place, line, column) = (0, 1, 1)
        let sorted = entries.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
        for (_, entry) in sorted {
            while place < min(entry.offset, bytes.count) {
                if bytes[place] == UInt8(ascii: "\n") {
                    (line, column) = (line + 1, 1)
                } else if bytes[place] & 0xC0 != 0x80 {
                    column += 1
                }
                place += 1
            }
            found.append(
                Mistake(
                    file: file, line: line, column: column, path: entry.path.text, message: entry.message,
                    hint: entry.hint))
        }
        return found
    }
}

/// Values in messages: short enough to read.
package enum Excerpt {
    private static let longest = 60

    package static func of(_ value: Value) -> String {
        if case .string(let text) = value, text.utf8.count > longest {
            return "\(Value.string(String(text.unicodeScalars.prefix(longest))).json())…"
        }
        let text = value.json()
        return text.utf8.count <= longest ? text : String(text.unicodeScalars.prefix(longest)) + "…"
    }
}
