import CSQLite

extension DatabaseError {
    /// With the connection's own words, if there is one.
    init(path: String, code: Int32, of connection: OpaquePointer??) {
        let message = connection.flatMap { $0 }.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        self.init(path: path, code: code, message: message.map { String(cString: $0) } ?? "error \(code)")
    }

    /// What SQLite's result code means for the file at `path`.
    init(path: String, code: Int32, message: String) {
        switch code & 0xFF {
        // SQLITE_READONLY_ROLLBACK, a macro that Swift does not see.
        case SQLITE_READONLY where code >> 8 == 3:
            self.init(
                .unreadable, path: path, what: "was left in the middle of a change",
                hint: "open it once with `sqlite3 FILE`, which undoes that change")
        case SQLITE_NOTADB:
            self.init(.foreign, path: path, what: "is not a SQLite database")
        case SQLITE_CORRUPT, SQLITE_FORMAT:
            self.init(
                .damaged, path: path, what: "is damaged (\(message))",
                hint: "take a copy of it that is well, or save what can be read with `sqlite3 FILE .recover`")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                .unwritable, path: path, what: "cannot be written (\(message))",
                hint: "make the file and its folder writable, or name another file")
        case SQLITE_FULL:
            self.init(.unwritable, path: path, what: "cannot be written: the disk is full", hint: "make room on it")
        case SQLITE_IOERR:
            self.init(.unwritable, path: path, what: "cannot be written or read (\(message))", hint: "look at the disk")
        case SQLITE_CANTOPEN:
            self.init(
                .unwritable, path: path, what: "cannot be opened or made (\(message))",
                hint: "is its folder there, and writable?")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                .busy, path: path, what: "is being written by another program",
                hint: "end that program's transaction and try again")
        case SQLITE_CONSTRAINT:
            self.init(.mistaken, path: path, what: "does not take this: \(message)")
        default:
            self.init(.damaged, path: path, what: message)
        }
    }
}
