import Bytes
import CSQLite

/// A connection to one SQLite file. It belongs to one thread at a time.
final class Database {
    enum Access {
        case reading
        /// Reads without locks and without sidecars: for a file that nobody writes.
        case readingImmutable
        case writing
    }

    let path: String
    private var handle: OpaquePointer?
    private var statements: [String: Statement] = [:]
    /// Not the file itself.
    private(set) var isCopy = false

    init(path: String, access: Access) throws(DatabaseError) {
        self.path = path
        Self.configured
        let code = sqlite3_open_v2(Self.address(path, access), &handle, Self.flags(access), nil)
        guard code == SQLITE_OK else {
            let error = failure(code)
            close()
            throw error
        }
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5_000)
    }

    /// A copy that may be changed while the file stays as it is: how an older library is read.
    init(copyInMemoryOf other: Database) throws(DatabaseError) {
        path = other.path
        isCopy = true
        try check(sqlite3_open_v2(":memory:", &handle, Self.flags(.writing), nil))
        guard let backup = sqlite3_backup_init(handle, "main", other.handle, "main") else {
            throw failure(sqlite3_errcode(handle))
        }
        sqlite3_backup_step(backup, -1)
        try check(sqlite3_backup_finish(backup))
    }

    deinit { close() }

    /// Done once in a process, before SQLite does anything.
    private static let configured: Void = csqlite_skip_memory_statistics()

    private static func flags(_ access: Access) -> Int32 {
        let shared = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
        return shared | (access == .writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY)
    }

    /// The path as a `file:` address, in which only an immutable file can be told; its own `?`, `#` and `%` escaped.
    private static func address(_ path: String, _ access: Access) -> String {
        var bytes = Array((path.hasPrefix("/") ? "file://" : "file:").utf8)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "?"): bytes.append("%3F")
            case UInt8(ascii: "#"): bytes.append("%23")
            case UInt8(ascii: "%"): bytes.append("%25")
            default: bytes.append(byte)
            }
        }
        if access == .readingImmutable { bytes.append("?immutable=1") }
        return String(decoding: bytes, as: UTF8.self)
    }

    func close() {
        for statement in statements.values { statement.finalize() }
        statements = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") != 0 }

    /// Whether closing leaves the write-ahead log alone instead of writing it into the file.
    func keepLogOnClose(_ keeps: Bool) { _ = csqlite_keep_log_on_close(handle, keeps ? 1 : 0) }

    // MARK: Statements

    /// Runs statements without parameters, one or many.
    func run(_ sql: String) throws(DatabaseError) { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// The prepared form of this text, made once.
    func statement(_ sql: String) throws(DatabaseError) -> Statement {
        if let known = statements[sql] { return known }
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
        guard let prepared else { throw DatabaseError(.damaged, path: path, what: "an empty statement") }
        let statement = Statement(prepared, path: path)
        statements[sql] = statement
        return statement
    }

    /// The first column of the only row, or nil when there is no row.
    func number(_ sql: String) throws(DatabaseError) -> Int64? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Does all of it or nothing of it.
    func transaction<Result>(_ body: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
        try statement("BEGIN IMMEDIATE").runBound()
        do throws(DatabaseError) {
            let result = try body()
            try statement("COMMIT").runBound()
            return result
        } catch {
            // SQLite has rolled back by itself after some errors; then there is nothing left to roll back.
            try? run("ROLLBACK")
            throw error
        }
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    // MARK: Failures

    func check(_ code: Int32) throws(DatabaseError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    func failure(_ code: Int32) -> DatabaseError { DatabaseError(path: path, code: code, of: handle) }
}
