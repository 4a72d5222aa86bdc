/// One step of the schema. A step that was published never changes: what comes later is a step of its own.
struct Migration {
    /// A table that gets another form: what `ALTER TABLE` cannot do, like another CHECK.
    struct Rebuild {
        var table: String
        /// What stands between the parentheses of its CREATE TABLE.
        var columns: String
    }

    var rebuilds: [Rebuild] = []
    /// What follows the rebuilding.
    var sql = ""

    /// `UNDS`, at offset 68 of the file: how `file(1)` and we tell our files from other programs' databases.
    static let applicationID = 0x554E_4453

    /// The catalogue. The place in it is the version, kept as `PRAGMA user_version`.
    static let all: [Migration] = [
        m001Library,
        m002Journal,
        m003Limits,
        m004Recordings,
        m005Verdicts,
        m006Upstream,
        m007Facts,
        m008Conversations,
        m009Login,
        m010Pseudonyms,
        m011Times,
        m012Messages,
        m013Parameters,
        m014Segments,
        m015Conversations,
    ]

    static func check(path: String, applicationID: Int, version: Int) throws(DatabaseError) {
        guard applicationID == self.applicationID else {
            throw DatabaseError(
                .foreign, path: path, what: "is a SQLite database of another program",
                hint: "name a file that `understudy load` or `--journal` made")
        }
        guard version <= all.count else {
            throw DatabaseError(
                .newer, path: path,
                what: "was made by a newer Understudy (schema \(version), this one knows \(all.count))",
                hint: "use that version; the file was not touched")
        }
        guard version > 0 else {
            throw DatabaseError(.damaged, path: path, what: "has no schema version", hint: "take a copy that is well")
        }
    }
}

// Rules.  A table is rebuilt by the twelve steps of https://www.sqlite.org/lang_altertable.html, section 7, "Making Other
//         Kinds Of Table Schema Changes"; each is quoted where it is done.
// Theory. While foreign keys are enforced, dropping a table deletes its rows first, and with them what refers to them: the
//         frames of every reply, the conditions of every rule. Inside a transaction the enforcement cannot be changed.
extension Database {
    /// Brings the schema up to date. The caller holds a transaction, and no table that is rebuilt has a row in it.
    func migrate(by all: [Migration] = Migration.all) throws(DatabaseError) {
        let pending = try pending(of: all)
        for migration in pending {
            for table in migration.rebuilds { try rebuild(table) }
            try run(migration.sql)
        }
        guard !pending.isEmpty else { return }
        try run("PRAGMA application_id = \(Migration.applicationID); PRAGMA user_version = \(all.count)")
    }

    /// The same for a database that holds something, in a transaction of its own if tables have to be rebuilt for it.
    func rebuild(by all: [Migration] = Migration.all) throws(DatabaseError) {
        guard try pending(of: all).contains(where: { !$0.rebuilds.isEmpty }) else { return }
        // 1. "If foreign key constraints are enabled, disable them using PRAGMA foreign_keys=OFF."
        let enforced = try number("PRAGMA foreign_keys") == 1
        try run("PRAGMA foreign_keys = OFF")
        // 2. "Start a transaction." 11. "Commit the transaction started in step 2."
        try transaction { () throws(DatabaseError) in
            try migrate(by: all)
            // 10. "If foreign key constraints were originally enabled then run PRAGMA foreign_key_check to verify that the
            //     schema change did not break any foreign key constraints."
            try checkForeignKeys()
        }
        // 12. "If foreign keys constraints were originally enabled, reenable them now."
        if enforced { try run("PRAGMA foreign_keys = ON") }
    }

    private func pending(of all: [Migration]) throws(DatabaseError) -> ArraySlice<Migration> {
        all.dropFirst(max(0, Int(try number("PRAGMA user_version") ?? 0)))
    }

    private func rebuild(_ rebuild: Migration.Rebuild) throws(DatabaseError) {
        let table = rebuild.table
        // 3. "If there are indexes, triggers, or views associated with table X, then remember the format of those indexes,
        //    triggers, and views." Any view may read from it.
        let others = try schema(
            """
            sql IS NOT NULL AND (type = 'view' OR type IN ('index', 'trigger')
              AND (tbl_name = '\(table)' OR tbl_name IN (SELECT name FROM sqlite_schema WHERE type = 'view')))
            """)
        // 9. "If any views refer to table X in a way that is affected by the schema change, then drop those views": also
        //    because the renaming fails while one of them refers to a table that is not there.
        for view in others where view.type == "view" {
            try run(
                "DROP VIEW \"\(view.name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
            )
        }
        // 4. "Use CREATE TABLE to construct a new table 'new_X' that is in the desired revised format of table X."
        try run("CREATE TABLE new_\(table) (\(rebuild.columns)) STRICT")
        // 5. "Transfer content from X into new_X using a statement like: INSERT INTO new_X SELECT ... FROM X."
        let kept = try columns(of: "new_\(table)").filter(try columns(of: table).contains).joined(separator: ", ")
        try run("INSERT INTO new_\(table) (\(kept)) SELECT \(kept) FROM \(table)")
        // 6. "Drop the old table X: DROP TABLE X."
        try run("DROP TABLE \(table)")
        // 7. "Change the name of new_X to X using: ALTER TABLE new_X RENAME TO X."
        try run("ALTER TABLE new_\(table) RENAME TO \(table)")
        // 8. "Use CREATE INDEX, CREATE TRIGGER, and CREATE VIEW to reconstruct indexes, triggers, and views associated with
        //    table X."
        for other in others { try run(other.sql) }
    }

    /// What makes these again; a trigger comes after what it belongs to.
    private func schema(_ condition: String) throws(DatabaseError) -> [(type: String, name: String, sql: String)] {
        let statement = try statement(
            "SELECT type, name, sql FROM sqlite_schema WHERE \(condition) ORDER BY type = 'trigger', rowid")
        defer { statement.reset() }
        var found: [(type: String, name: String, sql: String)] = []
        while try statement.step() {
            found.append((statement.text(0) ?? "", statement.text(1) ?? "", statement.text(2) ?? ""))
        }
        return found
    }

    /// Those that can be written: not what a table generates.
    private func columns(of table: String) throws(DatabaseError) -> [String] {
        let statement = try statement("SELECT name FROM pragma_table_info('\(table)')")
        defer { statement.reset() }
        var names: [String] = []
        while try statement.step() { names.append(statement.text(0) ?? "") }
        return names
    }

    private func checkForeignKeys() throws(DatabaseError) {
        let statement = try statement("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")
        defer { statement.reset() }
        guard try statement.step() else { return }
        throw DatabaseError(
            .damaged, path: path,
            what:
                "cannot be brought up to date: table \(statement.text(0) ?? ""), row \(statement.integer(1)) refers to "
                + "a row of \(statement.text(2) ?? "") that is not there",
            hint: "mend it with the sqlite3 shell; nothing was changed")
    }
}
