import Recording

/// Reads recorded calls a few at a time, however many there are. Each reading opens the file anew.
package struct RecordedReader: Sendable {
    package let path: String
    /// The rows, in their order: eight bytes a call.
    private let rows: [Int64]

    package init(path: String) throws(DatabaseError) {
        self.path = path
        rows = try Database.reading(path) { (database) throws(DatabaseError) -> [Int64] in
            let statement = try database.statement(
                "SELECT id FROM recorded_calls ORDER BY recording, \(RowPosition.order)")
            var rows: [Int64] = []
            while try statement.step() { rows.append(statement.integer(0)) }
            return rows
        }
    }

    package var count: Int { rows.count }

    /// So many calls from this place on, or those that are left.
    package func calls(from start: Int, count: Int) throws(DatabaseError) -> [RecordedCall] {
        let wanted = rows.dropFirst(start).prefix(count)
        guard !wanted.isEmpty else { return [] }
        return try Database.reading(path) { (database) throws(DatabaseError) -> [RecordedCall] in
            let mistakes = RowMistakes()
            let (names, _) = try database.readRecordings(mistakes)
            let calls = try database.readRecorded(names, mistakes, rows: Array(wanted))
            guard mistakes.all.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes.all) }
            return calls
        }
    }
}
