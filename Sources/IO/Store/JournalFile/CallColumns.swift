import Bytes
import Delivery
import Journal

/// The columns of one call as they lie in the file, in the order in which they were asked for. Their bytes are lent: they
/// are gone when the next row is read.
package struct CallColumns {
    let row: Row
    let fields: [CallField]

    package func number(_ index: Int) -> Int64? { row.integer(Int32(index)).map { Int64($0) } }

    /// Not for NULL. What was edited by hand is put in order as for a record.
    package func lend(_ index: Int, _ body: (Span<UInt8>) -> Void) {
        let column = Int32(index)
        switch fields[index].definition.kind {
        case .outcome: if isOutcome(column) { row.statement.lend(column, body) }
        case .objects, .documents: if let list = CallRow.objects(row, column) { body(list.span) }
        case .headers:
            row.statement.lend(column) { lines in
                FieldLines.isWellFormed(lines)
                    ? body(lines) : body(FieldLines.wellFormed(row.statement.bytes(column)).span)
            }
        default: row.statement.lend(column, body)
        }
    }

    private func isOutcome(_ column: Int32) -> Bool {
        var isCompleted = false
        row.statement.lend(column) { isCompleted = ASCII.equals($0, lowercase: "completed") }
        return isCompleted || row.choice(column, Report.Outcome.self) != nil
    }

    /// When the last of the frames left, in nanoseconds after the arrival.
    package func lastSent(_ index: Int) -> Int64? {
        row.isNull(Int32(index)) ? nil : CallRow.frames(row, Int32(index))?.last?.sent
    }
}

extension JournalReader {
    /// Each call of a run, of which only these fields are read, some only where the status lies in a range: `read` makes
    /// of a call what `body` gets some thousands of at a time, until it says false. Of a page that changed while it was
    /// read `read` is told again.
    package func eachPage<Item>(
        run: Int, _ fields: [(field: CallField, statuses: ClosedRange<Int>?)], _ read: (CallColumns) -> Item,
        _ body: ([Item]) -> Bool
    ) throws(DatabaseError) {
        let columns = fields.map { column($0.field, $0.statuses) }.joined(separator: ", ")
        let sql = "SELECT id, \(columns) FROM calls WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT 4000"
        var place = Int64(run) * Self.runs
        let end = place + Self.runs
        let names = [.number] + fields.map(\.field)
        while true {
            let (items, last) = try page(sql, from: place, to: end, names, read)
            guard let last, body(items) else { return }
            place = last
        }
    }

    /// By so much the places of two runs are apart.
    private static let runs: Int64 = 1_000_000_000_000

    private func column(_ field: CallField, _ statuses: ClosedRange<Int>?) -> String {
        let name = field.definition.column ?? "number"
        guard let statuses else { return name }
        return "CASE WHEN status BETWEEN \(statuses.lowerBound) AND \(statuses.upperBound) THEN \(name) END AS \(name)"
    }

    private func page<Item>(
        _ sql: String, from place: Int64, to end: Int64, _ fields: [CallField], _ read: (CallColumns) -> Item
    ) throws(DatabaseError) -> (items: [Item], last: Int64?) {
        try Database.reading(path) { (database) throws(DatabaseError) -> ([Item], Int64?) in
            let mistakes = RowMistakes()
            let statement = try database.statement(sql)
            try statement.bind(1, place)
            try statement.bind(2, end)
            let columns = CallColumns(
                row: Row(statement: statement, table: "calls", mistakes: mistakes), fields: fields)
            var (items, last): ([Item], Int64?) = ([], nil)
            while try statement.step() {
                items.append(read(columns))
                last = columns.row.id
            }
            guard mistakes.all.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes.all) }
            return (items, last)
        }
    }
}
