/// Why a library or a journal file cannot be read or written: which file, what is wrong with it, what to do.
package struct DatabaseError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        case missing
        case unreadable
        /// Something else than a file of ours: another program's database, a text, a folder.
        case foreign
        case newer
        case damaged
        /// Read-only, a full disk, an I/O error: the content may be well, but nothing can be added.
        case unwritable
        case busy
        /// The file is ours, but its rows say what no scenario can say: see `mistakes`.
        case mistaken
    }

    /// One value that a person's SQL left in a library and that means nothing.
    package struct Mistake: Equatable, Sendable, CustomStringConvertible {
        package var table: String
        /// Nil where the mistake is about no one row.
        package var row: Int64?
        package var column: String
        package var what: String

        package init(table: String, row: Int64?, column: String, what: String) {
            self.table = table
            self.row = row
            self.column = column
            self.what = what
        }

        package var description: String {
            "table \(table), \(row.map { "row \($0), " } ?? "")column \(column): \(what)"
        }
    }

    package var kind: Kind
    package var path: String
    package var what: String
    package var hint: String?
    package var mistakes: [Mistake] = []

    package init(_ kind: Kind, path: String, what: String, hint: String? = nil) {
        self.kind = kind
        self.path = path
        self.what = what
        self.hint = hint
    }

    package init(path: String, mistakes: [Mistake]) {
        self.init(.mistaken, path: path, what: mistakes.count == 1 ? "1 mistake" : "\(mistakes.count) mistakes")
        self.mistakes = mistakes
    }

    /// One line, or one line for each mistake.
    package var description: String {
        if !mistakes.isEmpty { return mistakes.map { "\(path): \($0)" }.joined(separator: "\n") }
        return "\(path): \(what)" + (hint.map { "; \($0)" } ?? "")
    }
}
