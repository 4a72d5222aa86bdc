/// One step of the schema. A step that was published never changes: what comes later is a step of its own.
struct Migration {
    var sql: String

    /// `UNDS`, at offset 68 of the file: how `file(1)` and we tell our files from other programs' databases.
    static let applicationID = 0x554E_4453

    /// The catalogue. The place in it is the version, kept as `PRAGMA user_version`.
    static let all: [Migration] = [
        m001Library,
        m002Journal,
        m003Limits,
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
