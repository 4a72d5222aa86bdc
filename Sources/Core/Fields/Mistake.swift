import Bytes
import JSON

/// One mistake in what somebody wrote: where it is, what is wrong, and what to do about it.
package struct Mistake: Error, Equatable, Sendable, CustomStringConvertible {
    /// A place in a file, both from 1, the column in characters.
    package struct Place: Equatable, Sendable {
        package var file: String
        package var line: Int
        package var column: Int

        package init(file: String, line: Int, column: Int) {
            self.file = file
            self.line = line
            self.column = column
        }
    }

    /// Nil for what stands in no file: a row of a library, a call's header.
    package var place: Place?
    /// `rules[2].when.call`; empty for the whole.
    package var path: String
    package var message: String
    package var hint: String?

    package init(_ message: String, hint: String? = nil, path: String = "", at place: Place? = nil) {
        self.place = place
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// `coach.json:12:9: rules[2].when.call: …; …`
    package var description: String {
        let start = place.map { "\($0.file):\($0.line):\($0.column): " } ?? ""
        return start + (path.isEmpty ? "" : "\(path): ") + message + (hint.map { "; \($0)" } ?? "")
    }
}

/// Everything that is wrong, and for which nothing of it is used.
package struct Mistakes: Error, Equatable, Sendable, CustomStringConvertible {
    package var list: [Mistake]

    package init(_ list: [Mistake]) { self.list = list }

    package var description: String { list.map(\.description).joined(separator: "\n") }
}

/// Collects mistakes while something is read: by their place in the bytes, where it has bytes.
package final class MistakeList {
    private struct Entry {
        var offset: Int
        var path: FieldPath
        var message: String
        var hint: String?

        func mistake(at place: Mistake.Place? = nil) -> Mistake {
            Mistake(message, hint: hint, path: path.text, at: place)
        }
    }

    private var entries: [Entry] = []

    package init() {}

    package var count: Int { entries.count }

    package func add(_ message: String, hint: String? = nil, at offset: Int = 0, path: FieldPath) {
        entries.append(Entry(offset: offset, path: path, message: message, hint: hint))
    }

    /// Of what stands in no file, in the order in which they were found.
    package var mistakes: [Mistake] { entries.map { $0.mistake() } }

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
            found.append(entry.mistake(at: Mistake.Place(file: file, line: line, column: column)))
        }
        return found
    }
}

/// The way from the top of a file to a value, as steps. It becomes a text only for a mistake: writing the path of each
/// of a library's values would take longer than reading it.
package indirect enum FieldPath {
    case top
    case member(FieldPath, String)
    case index(FieldPath, Int)
    /// A parameter of a fault: its name may hold hyphens, and stands as it is.
    case parameter(FieldPath, String)

    package func appending(_ name: String) -> FieldPath { .member(self, name) }
    package func appending(_ index: Int) -> FieldPath { .index(self, index) }

    /// `rules[2].when.header["X-Name"]`
    package var text: String {
        switch self {
        case .top: return ""
        case .index(let before, let index): return "\(before.text)[\(index)]"
        case .member(let before, let name):
            let path = before.text
            let isWord = !name.isEmpty && name.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x5F }
            if !isWord { return path + "[\(Value.string(name).json())]" }
            return path.isEmpty ? name : "\(path).\(name)"
        case .parameter(let before, let name):
            let path = before.text
            return path.isEmpty ? name : "\(path).\(name)"
        }
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
