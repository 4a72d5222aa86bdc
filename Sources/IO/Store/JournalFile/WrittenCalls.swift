import Journal

extension JournalWriter {
    /// What was asked for of this run's calls, all those included that were handed over. For a thread that may wait, and for
    /// none but the process that writes: whoever opens and closes the file otherwise than through SQLite takes the
    /// writer's locks with him (fcntl(2): "any lock on the file" goes when the process closes "any file descriptor").
    package func page(_ asked: OlderPage.Asked) -> OlderPage.Content {
        flush()
        do throws(DatabaseError) {
            let database = try Database(path: path, access: .reading)
            defer { database.close() }
            return try database.page(asked, run: queue.run)
        } catch {
            return .failed("the journal's file cannot be asked: \(error)")
        }
    }
}

extension Database {
    private static let mostRows = 2_000
    private static let mostBytes = 1 << 20

    fileprivate func page(_ asked: OlderPage.Asked, run: Int64) throws(DatabaseError) -> OlderPage.Content {
        let mistakes = RowMistakes()
        let rows = try statement(
            "SELECT \(CallRow.selected) FROM calls WHERE id BETWEEN ? AND ? ORDER BY id \(asked.isBackwards ? "DESC" : "")"
        )
        try rows.bind(1, JournalFile.id(run, asked.numbers.lowerBound))
        try rows.bind(2, JournalFile.id(run, asked.numbers.upperBound))
        let row = Row(statement: rows, table: "calls", mistakes: mistakes)
        var calls: [CallRecord] = []
        var (looks, bytes, reached) = (0, 0, 0)
        while calls.count < asked.most, looks < Self.mostRows, bytes < Self.mostBytes {
            guard try rows.step() else {
                return .calls(calls, reached: asked.isBackwards ? asked.numbers.lowerBound : asked.numbers.upperBound)
            }
            (looks, reached) = (looks + 1, Int(row.id - JournalFile.id(run, 0)))
            guard let call = CallRow.record(of: row, matching: asked.query, isWhole: !asked.isBackwards) else {
                continue
            }
            guard mistakes.all.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes.all) }
            calls.append(call)
            bytes += call.bytes.count
        }
        return .calls(calls, reached: reached)
    }
}
