import CSQLite
import JSON
import Time

/// What was found wrong while a library was read.
final class RowMistakes {
    var all: [DatabaseError.Mistake] = []
}

/// One row of a library, read with suspicion: a person may have written it with SQL, and with the checks off.
/// A column that means nothing is noted as a mistake and reads as if it were not there. Column 0 is the row's number.
struct Row {
    let statement: Statement
    let table: String
    let mistakes: RowMistakes

    var id: Int64 { statement.integer(0) }

    func note(_ column: Int32, _ what: String) {
        mistakes.all.append(.init(table: table, row: id, column: statement.name(column), what: what))
    }

    func isNull(_ column: Int32) -> Bool { statement.type(column) == SQLITE_NULL }

    func text(_ column: Int32) -> String? {
        let type = statement.type(column)
        guard type == SQLITE_TEXT else { return type == SQLITE_NULL ? nil : wrong(column, "is not a text") }
        return statement.text(column) ?? wrong(column, "is not UTF-8")
    }

    func needed<Value>(_ column: Int32, _ value: Value?) -> Value? {
        if value == nil, isNull(column) { note(column, "is missing") }
        return value
    }

    func integer(_ column: Int32) -> Int? {
        let type = statement.type(column)
        guard type == SQLITE_INTEGER else {
            return type == SQLITE_NULL ? nil : wrong(column, "is not a whole number")
        }
        return Int(statement.integer(column))
    }

    func truth(_ column: Int32) -> Bool? {
        guard let number = integer(column) else { return nil }
        guard number == 0 || number == 1 else { return wrong(column, "is \(number): write 1 for true, 0 for false") }
        return number == 1
    }

    func real(_ column: Int32) -> Double? {
        guard !isNull(column) else { return nil }
        let type = statement.type(column)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { return wrong(column, "is not a number") }
        return statement.real(column)
    }

    func blob(_ column: Int32) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        let type = statement.type(column)
        guard type == SQLITE_BLOB || type == SQLITE_TEXT else { return wrong(column, "is not a blob") }
        return statement.bytes(column)
    }

    func duration(_ column: Int32) -> Duration? {
        guard let text = text(column) else { return nil }
        return Duration(text: text)
            ?? wrong(column, "\(Self.quoted(text)) is not a duration: write 250ms, 1.5s, 15m or 8h")
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ column: Int32, _: Choice.Type) -> Choice? {
        guard let text = text(column) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return wrong(column, "\(Self.quoted(text)) is not one of \(words)")
    }

    func json(_ column: Int32) -> JSON.Value? {
        let type = statement.type(column)
        guard type == SQLITE_TEXT else { return type == SQLITE_NULL ? nil : wrong(column, "is not a text") }
        do {
            return try JSON.Value.parse(statement.bytes(column))
        } catch {
            return wrong(column, "is not JSON: \(error)")
        }
    }

    func object(_ column: Int32) -> [JSON.Value.Member]? {
        guard let value = json(column) else { return nil }
        guard case .object(let members) = value else { return wrong(column, "is \(value.kind), not a JSON object") }
        return members
    }

    func texts(_ column: Int32) -> [String]? {
        guard let value = json(column) else { return nil }
        guard case .array(let elements) = value else { return wrong(column, "is \(value.kind), not a JSON array") }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else {
                return wrong(column, "holds \(element.kind) where only strings belong")
            }
            texts.append(text)
        }
        return texts
    }

    func wrong<Value>(_ column: Int32, _ what: String) -> Value? {
        note(column, what)
        return nil
    }

    /// The text for a message, not the whole of a long one.
    static func quoted(_ text: String) -> String {
        text.unicodeScalars.count <= 60 ? "\"\(text)\"" : "\"\(String(text.unicodeScalars.prefix(57)))…\""
    }
}

extension Database {
    /// How many rows there are: room that is taken once is not moved, and its pages are not touched twice.
    func count(of table: String) throws(DatabaseError) -> Int {
        Int(try number("SELECT count(*) FROM \(table)") ?? 0)
    }

    /// Every row that the statement finds, its number in column 0.
    func eachRow(
        of table: String, _ sql: String, _ mistakes: RowMistakes, _ body: (Row) -> Void
    ) throws(DatabaseError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        let row = Row(statement: statement, table: table, mistakes: mistakes)
        while try statement.step() { body(row) }
    }

    /// The rows of a table as values, in their order: by position, those without one last, then as they were added.
    /// Rows that belong to others (`owner` is the column that says to which) are in order among their like. Columns are:
    /// 0 the row's number, 1 its owner, 2 its position, then those asked for.
    func rows<Value>(
        of table: String, owner: String = "NULL", _ columns: String, where condition: String = "",
        _ mistakes: RowMistakes,
        _ read: (Row) -> Value?
    ) throws(DatabaseError) -> [Value] {
        try rows(
            of: table, owner: owner, columns, where: condition, mistakes,
            adding: { row, values in
                if let value = read(row) { values.append(value) }
            })
    }

    /// The same for many rows and large values: they are made where they stay, one or none a row.
    func rows<Value>(
        of table: String, owner: String = "NULL", _ columns: String, where condition: String = "",
        _ mistakes: RowMistakes, capacity: Int = 0, adding read: (Row, inout [Value]) -> Void
    ) throws(DatabaseError) -> [Value] {
        var values: [Value] = []
        var keys: [RowPosition] = []
        var isInOrder = true
        values.reserveCapacity(capacity)
        keys.reserveCapacity(capacity)
        try eachRow(of: table, "SELECT id, \(owner), position, \(columns) FROM \(table) \(condition)", mistakes) {
            row in
            read(row, &values)
            guard values.count > keys.count else { return }
            let key = RowPosition(
                owner: row.integer(1) ?? 0, place: row.integer(2) ?? .max, index: keys.count)
            // As a library is written, its rows stand in their order: then SQLite need not sort them, nor need we.
            if let last = keys.last, key < last { isInOrder = false }
            keys.append(key)
        }
        return isInOrder ? values : keys.sorted().map { values[$0.index] }
    }
}

/// Where a row stands among the others of its table.
struct RowPosition: Comparable {
    var owner: Int
    var place: Int
    var index: Int

    static func < (left: RowPosition, right: RowPosition) -> Bool {
        (left.owner, left.place, left.index) < (right.owner, right.place, right.index)
    }

    /// Rows are written ten apart, so that a person finds room between two of them.
    static func number(_ index: Int) -> Int64 { Int64(index + 1) * 10 }
    static func written(_ index: Int) -> Datum { .integer(number(index)) }

    /// The same order, in SQL, for a table whose rows belong to none.
    static let order = "position IS NULL, position, id"
}

/// How values stand in columns.
extension Datum {
    init(_ duration: Duration?) { self.init(duration?.text) }
    init(_ value: JSON.Value?) { self.init(value?.json()) }
    init(_ members: [JSON.Value.Member]?) { self.init(members.map { JSON.Value.object($0) }) }
    init(_ texts: [String]?) { self.init(texts.map { JSON.Value.array($0.map { .string($0) }) }) }
}
