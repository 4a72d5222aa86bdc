import Support
import Testing

@testable import Store

@Suite("A database") struct DatabaseTests {
    @Test("a transaction does all or nothing")
    func transactions() throws {
        let database = try Database(path: ":memory:", access: .writing)
        try database.run("CREATE TABLE t (a NOT NULL)")
        try database.transaction { () throws(DatabaseError) in try database.run("INSERT INTO t VALUES (1)") }
        let error = #expect(throws: DatabaseError.self) {
            try database.transaction { () throws(DatabaseError) in
                try database.run("INSERT INTO t VALUES (2)")
                try database.run("INSERT INTO t VALUES (NULL)")
            }
        }
        #expect(error?.what == "does not take this: NOT NULL constraint failed: t.a")
        #expect(try database.number("SELECT count(*) FROM t") == 1)
        try database.transaction { () throws(DatabaseError) in try database.run("DELETE FROM t") }
        #expect(try database.number("SELECT a FROM t") == nil)
    }

    @Test("a statement that is none is an error that says where")
    func syntax() throws {
        let database = try Database(path: ":memory:", access: .writing)
        let error = #expect(throws: DatabaseError.self) { try database.statement("SELEC 1") }
        #expect(error?.description == ":memory:: near \"SELEC\": syntax error")
        #expect(throws: DatabaseError.self) { try database.statement("") }
        #expect(throws: DatabaseError.self) { try database.run("SELECT * FROM nothing") }
    }

    @Test("who reads cannot write, and another's lock is told as such")
    func access() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x")
        let writer = try Database(path: path, access: .writing)
        try writer.run("CREATE TABLE t (a)")
        let reader = try Database(path: path, access: .reading)
        #expect(!writer.isReadOnly)
        #expect(reader.isReadOnly)
        #expect(#expect(throws: DatabaseError.self) { try reader.run("DELETE FROM t") }?.kind == .unwritable)
        let other = try Database(path: path, access: .writing)
        _ = try other.number("PRAGMA busy_timeout = 1")
        try writer.run("BEGIN IMMEDIATE")
        #expect(#expect(throws: DatabaseError.self) { try other.run("DELETE FROM t") }?.kind == .busy)
    }

    @Test("a copy in memory changes alone, and closing twice is closing once")
    func copies() throws {
        let database = try Database(path: ":memory:", access: .writing)
        try database.run("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        let copy = try Database(copyInMemoryOf: database)
        try copy.run("INSERT INTO t VALUES (2)")
        #expect(try copy.number("SELECT count(*) FROM t") == 2)
        #expect(try database.number("SELECT count(*) FROM t") == 1)
        #expect(copy.lastInsertedRow == 2)
        database.close()
        database.close()
        #expect(throws: DatabaseError.self) { try database.run("SELECT 1") }
    }

    @Test("a statement of a database that is closed, or gone, fails and touches nothing")
    func afterwards() throws {
        var database: Database? = try Database(path: ":memory:", access: .writing)
        let statement = try #require(try database?.statement("SELECT ?1 AS a"))
        try statement.bind(1, .text("x"))
        #expect(try statement.step())
        database = nil
        #expect(throws: DatabaseError.self) { try statement.bind(1, 1) }
        #expect(throws: DatabaseError.self) { try statement.step() }
        #expect(statement.columnCount == 0)
        #expect(statement.name(0) == "")
        #expect(statement.text(0) == nil)
        #expect(statement.bytes(0) == [])
        #expect(statement.integer(0) == 0)
        statement.reset()
    }
}
