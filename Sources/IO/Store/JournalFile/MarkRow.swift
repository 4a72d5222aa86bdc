import Journal
import Time

/// A mark as a row of the table `marks`, and such a row as a mark again.
extension Database {
    func insert(_ mark: Mark, run: Int64) throws(DatabaseError) {
        try statement("INSERT INTO marks (run, at, clock, space, agent, caller, note) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .run(
                .integer(run), .integer(mark.at.nanoseconds), .integer(mark.clock.nanoseconds), .text(mark.space),
                Datum(mark.agent), Datum(mark.by), Datum(mark.note))
    }
}

extension JournalReader {
    /// Those of one run, in the order in which they were made.
    package func marks(run: Int) throws(DatabaseError) -> [Mark] {
        try Database.reading(path) { (database) throws(DatabaseError) -> [Mark] in
            let statement = try database.statement(
                "SELECT at, clock, space, agent, caller, note FROM marks WHERE run = ? ORDER BY id")
            try statement.bind(1, .integer(Int64(run)))
            var marks: [Mark] = []
            while try statement.step() {
                marks.append(
                    Mark(
                        space: statement.text(2) ?? "", agent: statement.text(3), by: statement.text(4),
                        note: statement.text(5), at: Instant(nanoseconds: statement.integer(0)),
                        clock: Instant(nanoseconds: statement.integer(1))))
            }
            return marks
        }
    }
}
