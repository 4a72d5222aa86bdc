import CSQLite
import JSON
import Runtime
import Support
import Testing

@testable import Store

@Suite("A row read with suspicion") struct RowTests {
    /// Reads one value of one row by `read`, and tells what was noted.
    private func reading<Value: Equatable>(
        _ value: String, _ read: (Row) -> Value?
    ) throws -> (value: Value?, mistakes: [String]) {
        let database = try Database(path: ":memory:", access: .writing)
        let mistakes = RowMistakes()
        var found: Value?
        try database.eachRow(of: "t", "SELECT 7 AS id, \(value) AS v", mistakes) { found = read($0) }
        return (found, mistakes.all.map(\.description))
    }

    private func expect<Value: Equatable>(
        _ sql: String, _ value: Value?, _ mistake: String? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ read: (Row) -> Value?
    ) throws {
        let found = try reading(sql, read)
        #expect(found.value == value, sourceLocation: sourceLocation)
        let wanted = mistake.map { ["table t, row 7, column v: \($0)"] } ?? []
        #expect(found.mistakes == wanted, sourceLocation: sourceLocation)
    }

    @Test("texts")
    func texts() throws {
        try expect("'é🍣'", "é🍣") { $0.text(1) }
        try expect("''", "") { $0.text(1) }
        try expect("NULL", nil as String?) { $0.text(1) }
        try expect("7", nil as String?, "is not a text") { $0.text(1) }
        try expect("CAST(x'ff' AS TEXT)", nil as String?, "is not UTF-8") { $0.text(1) }
        try expect("NULL", nil as String?, "is missing") { $0.needed(1, $0.text(1)) }
        try expect("x'00'", nil as String?, "is not a text") { $0.needed(1, $0.text(1)) }
    }

    @Test("numbers and truths")
    func numbers() throws {
        try expect("-9223372036854775808", Int.min) { $0.integer(1) }
        try expect("1.0", nil as Int?, "is not a whole number") { $0.integer(1) }
        try expect("'1'", nil as Int?, "is not a whole number") { $0.integer(1) }
        try expect("1", 1.0) { $0.real(1) }
        try expect("9e999", Double.infinity) { $0.real(1) }
        try expect("'x'", nil as Double?, "is not a number") { $0.real(1) }
        try expect("0", false) { $0.truth(1) }
        try expect("2", nil as Bool?, "is 2: write 1 for true, 0 for false") { $0.truth(1) }
    }

    @Test("durations and words")
    func durations() throws {
        try expect("'250ms'", Duration.milliseconds(250)) { $0.duration(1) }
        try expect("'5 parsecs'", nil as Duration?, "\"5 parsecs\" is not a duration: write 250ms, 1.5s, 15m or 8h") {
            $0.duration(1)
        }
        try expect("'2025'", Dialect.y2025) { $0.choice(1, Dialect.self) }
        try expect("'http'", nil as AgentProtocol?, "\"http\" is not one of HTTP, MCP, A2A, AGUI") {
            $0.choice(1, AgentProtocol.self)
        }
        let long = String(repeating: "x", count: 100)
        try expect("'\(long)'", nil as Dialect?, "\"\(long.prefix(57))…\" is not one of 2025, 2026") {
            $0.choice(1, Dialect.self)
        }
    }

    @Test("JSON")
    func json() throws {
        try expect("'[1.50]'", JSON.Value.array([.number("1.50")])) { $0.json(1) }
        try expect("'null'", JSON.Value.null) { $0.json(1) }
        try expect("'[\"a\"]'", ["a"]) { $0.texts(1) }
        try expect("'[\"a\",1]'", nil as [String]?, "holds a number where only strings belong") { $0.texts(1) }
        try expect("'{}'", nil as [String]?, "is an object, not a JSON array") { $0.texts(1) }
        try expect("'3'", nil as [JSON.Value.Member]?, "is a number, not a JSON object") { $0.object(1) }
        try expect("1", nil as JSON.Value?, "is not a text") { $0.json(1) }
        let broken = try reading("'{'") { $0.json(1) }
        #expect(broken.mistakes.first?.hasPrefix("table t, row 7, column v: is not JSON: line 1, column 2") == true)
    }

    @Test("blobs, which a person may write as text")
    func blobs() throws {
        try expect("x'00ff'", [0, 255]) { $0.blob(1) }
        try expect("x''", []) { $0.blob(1) }
        try expect("'hi'", Array("hi".utf8)) { $0.blob(1) }
        try expect("1", nil as [UInt8]?, "is not a blob") { $0.blob(1) }
    }

    @Test("rows come by position, those without one last, the others as they were added")
    func order() throws {
        let database = try Database(path: ":memory:", access: .writing)
        try database.run(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, position, owner, name);
            INSERT INTO t (position, owner, name) VALUES (NULL, 1, 'd'), (20, 1, 'c'), (10, 2, 'f'), (NULL, 1, 'e'),
              (10, 1, 'a'), (10, 1, 'b');
            """)
        let mistakes = RowMistakes()
        let names = try database.rows(of: "t", owner: "owner", "name", mistakes) { $0.text(3) }
        #expect(names == ["a", "b", "c", "d", "e", "f"])
        let sql = try database.rows(
            of: "(SELECT * FROM t WHERE owner = 1 ORDER BY \(RowPosition.order))", "name", mistakes
        ) {
            $0.text(3)
        }
        #expect(sql == ["a", "b", "c", "d", "e"])
        #expect(mistakes.all == [])
    }

    @Test("what belongs to an owner is found in any order, once; the rest is left")
    func byOwner() {
        var values = ByOwner<String?>(capacity: 2)
        for (owner, value) in [(1, "a"), (4, nil), (9, "b"), (12, "c")] as [(Int64, String?)] {
            values.append(owner, value)
        }
        values.changeLast { $0 = ($0 ?? "") + "d" }
        #expect(values.latest == 12)
        #expect(values.take(9) == .some("b") && values.take(12) == .some("cd") && values.take(4) == .some(nil))
        #expect(values.take(5) == nil && values.take(13) == nil && values.take(9) == nil)
        #expect(values.left == [1])
    }

    @Test("out of a damaged file owners come in any order, and twice")
    func byOwnerDamaged() {
        var values = ByOwner<String>(capacity: 2)
        for (owner, value) in [(4, "a"), (9, "b"), (4, "c"), (1, "d")] as [(Int64, String)] {
            values.append(owner, value)
            values.changeLast { $0 += "!" }
            #expect(values.latest == owner)
        }
        #expect(values.take(1) == "d!" && values.take(4) == "c!" && values.take(9) == "b!" && values.left.isEmpty)
    }
}
