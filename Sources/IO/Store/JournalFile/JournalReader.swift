import Journal

/// Reads calls back from a journal file, also while a server writes it. Each reading opens the file anew, so that it
/// sees what is there now and holds nobody up in between.
package struct JournalReader: Sendable {
    package struct Entry: Sendable {
        /// Where the call stands in the file: later calls have higher ones, through all runs.
        package var place: Int64
        /// Which start of a server it belongs to; numbers are unique within it.
        package var run: Int
        package var call: CallRecord
    }

    package let path: String

    /// Throws when the file is no journal.
    package init(path: String) throws(DatabaseError) {
        self.path = path
        _ = try lastRun()
    }

    /// The run of the server that was started last; nil while none ever was.
    package func lastRun() throws(DatabaseError) -> Int? {
        try Database.reading(path) { (database) throws(DatabaseError) -> Int? in
            try database.number("SELECT max(id) FROM runs WHERE id IS NOT NULL HAVING count(*) > 0").map { Int($0) }
        }
    }

    /// The calls that match and stand after `place`, in their order, those of one run or of all; the newest of them when
    /// the query has a limit.
    package func entries(
        matching query: Query = Query(), after place: Int64 = 0, run: Int? = nil
    ) throws(DatabaseError) -> [Entry] {
        var found: [Entry] = []
        guard let limit = query.limit else {
            try each(matching: query, after: place, run: run) { entry in
                found.append(entry)
                return true
            }
            return found
        }
        var before = Int64.max
        while found.count < limit {
            let page = try newestPage(before: before, after: place, run: run)
            for entry in page where found.count < limit && query.matches(entry.call) { found.append(entry) }
            guard let last = page.last else { break }
            before = last.place
        }
        return found.reversed()
    }

    /// Each call that matches and stands after `place`, a page at a time however many there are, until `body` has seen
    /// enough and says false. The query's limit does not count here.
    package func each(
        matching query: Query = Query(), after place: Int64 = 0, run: Int? = nil, _ body: (Entry) -> Bool
    ) throws(DatabaseError) {
        var place = place
        while true {
            let page = try read(
                "WHERE id > ?1 AND (?2 IS NULL OR run = ?2) ORDER BY id LIMIT ?3", .integer(place), Datum(run),
                Self.page)
            for entry in page where query.matches(entry.call) && !body(entry) { return }
            guard let last = page.last else { return }
            place = last.place
        }
    }

    /// The calls at these places as they are now: for those that had not ended when they were read first.
    package func entries(at places: [Int64]) throws(DatabaseError) -> [Entry] {
        let list = "[\(places.map(String.init).joined(separator: ","))]"
        return try read("WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id", .text(list))
    }

    /// The call of this number in the run.
    package func call(_ number: Int, run: Int) throws(DatabaseError) -> CallRecord? {
        try read("WHERE run = ?1 AND number = ?2 ORDER BY id LIMIT 1", Datum(run), Datum(number)).first?.call
    }

    private static let page = Datum.integer(1_000)

    private func newestPage(before: Int64, after place: Int64, run: Int?) throws(DatabaseError) -> [Entry] {
        try read(
            "WHERE id < ?1 AND id > ?2 AND (?3 IS NULL OR run = ?3) ORDER BY id DESC LIMIT ?4", .integer(before),
            .integer(place), Datum(run), Self.page)
    }

    private func read(_ condition: String, _ parameters: Datum...) throws(DatabaseError) -> [Entry] {
        try Database.reading(path) { (database) throws(DatabaseError) -> [Entry] in
            let mistakes = RowMistakes()
            let statement = try database.statement("SELECT \(CallRow.selected) FROM calls \(condition)")
            for (index, value) in parameters.enumerated() { try statement.bind(Int32(index + 1), value) }
            var entries: [Entry] = []
            let row = Row(statement: statement, table: "calls", mistakes: mistakes)
            while try statement.step() {
                entries.append(Entry(place: row.id, run: row.integer(1) ?? 0, call: CallRow.record(of: row)))
            }
            guard mistakes.all.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes.all) }
            return entries
        }
    }
}
