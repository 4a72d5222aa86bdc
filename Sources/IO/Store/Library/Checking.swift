import Fields
import Library

extension Database {
    /// The mistakes of a scenario that was read from here, each with its row. Its place inside the row is told as a
    /// scenario file would tell it, `when.call`.
    func mistakes(in scenario: Scenario, _ words: Vocabulary) throws(DatabaseError) -> [DatabaseError.Mistake] {
        var found: [DatabaseError.Mistake] = []
        var rows: [String: [Int64]] = [:]
        for mistake in ScenarioFile.mistakes(in: scenario, name: path, words) {
            let (table, index, rest) = Self.parts(mistake.path)
            if rows[table] == nil { rows[table] = try rowsInOrder(table) }
            let row = index.flatMap { (rows[table] ?? []).indices.contains($0) ? rows[table]?[$0] : nil }
            let what = mistake.message + (mistake.hint.map { "; \($0)" } ?? "")
            found.append(DatabaseError.Mistake(table: table, row: row, column: rest, what: what))
        }
        return found
    }

    /// `rules[2].when.call` is a table, a place in it, and the rest.
    private static func parts(_ path: String) -> (table: String, index: Int?, rest: String) {
        let table = path.prefix { $0 != "[" && $0 != "." }
        let bracket = path.dropFirst(table.count).dropFirst()
        let digits = bracket.prefix { $0 != "]" }
        return (String(table), Int(digits), String(bracket.dropFirst(digits.count).drop { $0 == "]" || $0 == "." }))
    }

    private func rowsInOrder(_ table: String) throws(DatabaseError) -> [Int64] {
        guard ["agents", "credentials", "users", "parameters", "rules", "faults"].contains(table) else { return [] }
        let statement = try statement("SELECT id FROM \(table) ORDER BY \(RowPosition.order)")
        defer { statement.reset() }
        var rows: [Int64] = []
        while try statement.step() { rows.append(statement.integer(0)) }
        return rows
    }
}
