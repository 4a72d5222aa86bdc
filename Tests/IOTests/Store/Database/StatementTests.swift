import CSQLite
import Testing

@testable import Store

@Suite("A statement") struct StatementTests {
    private let database: Database

    init() throws { database = try Database(path: ":memory:", access: .writing) }

    @Test("values go in and come out with their type, also those of no length")
    func values() throws {
        let values: [Datum] = [
            .null, .integer(.min), .real(0.1), .text(""), .text("a\0b🍣"), .blob([]), .blob([0, 255]),
        ]
        let statement = try database.statement("SELECT ?1, typeof(?1), length(CAST(?1 AS BLOB))")
        var types: [String?] = []
        for value in values {
            try statement.bind(1, value)
            #expect(try statement.step())
            types.append(statement.text(1))
            switch value {
            case .null: #expect(statement.type(0) == SQLITE_NULL)
            case .integer(let number): #expect(statement.integer(0) == number)
            case .real(let number): #expect(statement.real(0) == number)
            case .text(let text): #expect(statement.text(0) == text)
            case .blob(let bytes): #expect(statement.bytes(0) == bytes)
            }
            #expect(try !statement.step())
            statement.reset()
        }
        #expect(types == ["null", "integer", "real", "text", "text", "blob", "blob"])
    }

    @Test("text may be any bytes, and is read as bytes then")
    func rawText() throws {
        let statement = try database.statement("SELECT ?")
        try statement.bind(1, text: [0x61, 0xFF, 0x00, 0x62][...])
        _ = try statement.step()
        #expect(statement.type(0) == SQLITE_TEXT)
        #expect(statement.bytes(0) == [0x61, 0xFF, 0x00, 0x62])
        #expect(statement.text(0) == nil)
    }

    @Test("a row whose key is taken is refused without an error, any other trouble is one")
    func taken() throws {
        try database.run("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        let insert = try database.statement("INSERT INTO t VALUES (?, 'a')")
        for expected in [true, false, false] {
            try insert.bind(1, 5)
            #expect(try insert.runBoundUnlessTaken() == expected)
        }
        #expect(try database.number("SELECT count(*) FROM t") == 1)
        #expect(throws: DatabaseError.self) { try insert.bind(2, 5) }
    }

    @Test("runs again and again, each time with other values")
    func again() throws {
        try database.run("CREATE TABLE t (a, b)")
        let insert = try database.statement("INSERT INTO t VALUES (?, ?)")
        for number in 0..<5 { try insert.run(Datum(number), Datum(number % 2 == 0)) }
        #expect(try database.number("SELECT sum(a) * 10 + sum(b) FROM t") == 103)
        #expect(insert.columnCount == 0)
        #expect(try database.statement("SELECT a AS first FROM t").name(0) == "first")
    }
}
