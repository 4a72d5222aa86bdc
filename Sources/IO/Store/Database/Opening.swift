import CSQLite
import Glibc

/// How a file of ours is opened. What is not ours, or newer, or cut short, is told from its bytes before SQLite sees it:
/// SQLite would recover a log, leave sidecars, or make a database of an empty file.
extension Database {
    /// Does `body` with the file, which is never written.
    static func reading<Result>(
        _ path: String, _ body: (Database) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        for _ in 0..<3 {
            let file = try DatabaseFile(path: path)
            let header = try file.headerToRead(path)
            // A reader of a database in WAL mode makes sidecars and leaves them, and cannot read at all where it may
            // not make them. While there is no log there is no writer, and the file alone is the truth.
            guard header.isWriteAhead, !DatabaseFile.hasLog(path) else { break }
            let outcome = Swift.Result<Result, DatabaseError> { () throws(DatabaseError) in
                try readOnce(path, .readingImmutable, body)
            }
            if try DatabaseFile(path: path) == file, !DatabaseFile.hasLog(path) { return try outcome.get() }
        }
        do throws(DatabaseError) {
            return try readOnce(path, .reading, body)
        } catch {
            guard error.kind == .unwritable, DatabaseFile.hasLog(path) else { throw error }
            throw DatabaseError(
                .unreadable, path: path, what: "has changes in \(path)-wal that cannot be read in a read-only folder",
                hint: "copy both files to a folder that is writable")
        }
    }

    private static func readOnce<Result>(
        _ path: String, _ access: Access, _ body: (Database) throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        let database = try Database(path: path, access: access)
        defer { database.close() }
        guard try database.identifiedVersion() < Migration.all.count else { return try body(database) }
        let upgraded = try Database(copyInMemoryOf: database)
        defer { upgraded.close() }
        try upgraded.rebuild()
        try upgraded.migrate()
        return try body(upgraded)
    }

    /// Opens the file to write it, makes it if it is not there, and does `body` in the same transaction as that: a
    /// failure leaves the file, or its absence, as it was; only what had to be rebuilt stays so. The size of its pages and
    /// its mode count only where it is made.
    static func writing(
        _ path: String, pageSize: Int = 4_096, mode: mode_t = 0o644, _ body: (Database) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Database {
        let file = try DatabaseFile(path: path)
        try file.checkToWrite(path)
        // SQLite would take 0644, and gives what lies beside the file the file's own mode.
        if file.content == .missing { try make(path, mode) }
        do throws(DatabaseError) {
            let database = try Database(path: path, access: .writing)
            guard !database.isReadOnly else {
                throw DatabaseError(
                    .unwritable, path: path, what: "is read-only", hint: "make it writable, or name another file")
            }
            database.keepLogOnClose(true)
            if case .database = file.content { _ = try database.identifiedVersion() }
            database.keepLogOnClose(false)
            try database.run("PRAGMA page_size = \(pageSize); PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL")
            if case .database = file.content { try database.rebuild() }
            try database.transaction { () throws(DatabaseError) in
                try database.migrate()
                try body(database)
            }
            try database.run("PRAGMA journal_mode = WAL")
            return database
        } catch {
            let left = try? DatabaseFile(path: path)
            if file.content == .missing, left?.content == .empty { unlink(path) }
            throw error
        }
    }

    private static func make(_ path: String, _ mode: mode_t) throws(DatabaseError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST {
            throw DatabaseError(
                .unwritable, path: path, what: "cannot be made: \(String(cString: strerror(errno)))",
                hint: "name a file in a folder that is writable")
        }
    }

    /// The version of the schema, once it is certain that the schema is ours and not newer than we are.
    func identifiedVersion() throws(DatabaseError) -> Int {
        let identity = try number("PRAGMA application_id") ?? 0
        let version = try number("PRAGMA user_version") ?? 0
        try Migration.check(path: path, applicationID: Int(identity), version: Int(version))
        return Int(version)
    }
}

extension DatabaseFile {
    func headerToRead(_ path: String) throws(DatabaseError) -> Header {
        switch content {
        case .missing: throw DatabaseError(.missing, path: path, what: "does not exist")
        case .empty: throw DatabaseError(.foreign, path: path, what: "is empty, not a library")
        case .database(let header):
            try check(header, path)
            return header
        }
    }

    func checkToWrite(_ path: String) throws(DatabaseError) {
        switch content {
        case .database(let header): try check(header, path)
        // An empty file is what a start that was cut short leaves; there is nothing in it to lose.
        case .empty: break
        case .missing:
            let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            var status = stat()
            guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw DatabaseError(
                    .missing, path: path, what: "cannot be made: there is no folder \(folder)", hint: "make it first")
            }
        }
    }

    private func check(_ header: Header, _ path: String) throws(DatabaseError) {
        // With a log beside it, the log may hold the newer identity and the pages that the file lacks.
        guard !Self.hasLog(path) else { return }
        try Migration.check(path: path, applicationID: header.applicationID, version: header.userVersion)
        let expected = header.pageCount * header.pageSize
        guard !header.countsPages || size >= expected else {
            throw DatabaseError(
                .damaged, path: path, what: "is cut short: \(size) bytes of \(expected)",
                hint: "take a whole copy of it")
        }
    }
}
