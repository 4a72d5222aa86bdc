import CSQLite
import Testing

@testable import Store

@Suite("What SQLite's codes mean for a user") struct SQLiteFailureTests {
    @Test(
        "each code has its kind",
        arguments: [
            (SQLITE_NOTADB, DatabaseError.Kind.foreign), (SQLITE_CORRUPT, .damaged), (SQLITE_FORMAT, .damaged),
            (SQLITE_READONLY, .unwritable), (SQLITE_PERM, .unwritable), (SQLITE_FULL, .unwritable),
            (SQLITE_IOERR, .unwritable), (SQLITE_CANTOPEN, .unwritable), (SQLITE_BUSY, .busy), (SQLITE_LOCKED, .busy),
            (SQLITE_CONSTRAINT, .mistaken), (SQLITE_ERROR, .damaged), (SQLITE_NOMEM, .damaged),
        ])
    func kinds(_ code: Int32, _ kind: DatabaseError.Kind) {
        for extended in [code, code | 2 << 8] {
            let error = DatabaseError(path: "x", code: extended, message: "a message")
            #expect(error.kind == kind)
            #expect(error.description.hasPrefix("x: "))
        }
    }

    @Test("a file that could be read elsewhere says what to do")
    func unreadableHere() {
        let error = DatabaseError(path: "x", code: SQLITE_READONLY | 3 << 8, message: "")
        #expect(error.kind == .unreadable)
        #expect(error.description.contains("in the middle of a change; open it once with `sqlite3 FILE`"))
    }
}
