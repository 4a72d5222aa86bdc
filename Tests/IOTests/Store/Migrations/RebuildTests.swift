import Bytes
import Emulator
import Library
import Support
import Testing

@testable import Store

@Suite("Rebuilding a table") struct RebuildTests {
    private let folder: TemporaryFolder
    private let path: String

    /// A library with rules, replies and the frames of streams.
    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("x.sqlite")
        let scenario = """
            {"understudy": 1, "rules": [
              {"name": "a", "when": {"payload": [{"path": "$.prompt", "equals": "sushi"}]}, "reply": {"text": "one"}},
              {"name": "b", "reply": {"stream": {"every": "10ms", "events": [{"text": "x"}, {"text": "y"}, {"data": {"z": 1}}]}}},
              {"name": "c", "reply": {"stream": {"events": [{"text": "w"}]}}}]}
            """
        let (read, mistakes) = ScenarioFile.read(Array(scenario.utf8), fileName: "x.json", .complete())
        try LibraryFile.replace(path, with: try #require(read, "\(mistakes)"))
    }

    /// All steps there are, and one that gives replies another kind.
    private func migrations(_ database: Database) throws -> [Migration] {
        let statement = try database.statement("SELECT sql FROM sqlite_schema WHERE name = 'replies'")
        defer { statement.reset() }
        #expect(try statement.step())
        let sql = try #require(statement.text(0))
        let start = try #require(sql.firstIndex(of: "("))
        let end = try #require(sql.lastIndex(of: ")"))
        let words = sql[sql.index(after: start)..<end].split(
            separator: "'echo', 'error'", omittingEmptySubsequences: false)
        #expect(words.count == 2)
        let columns = words.joined(separator: "'echo', 'mime', 'error'")
        return Migration.all + [Migration(rebuilds: [.init(table: "replies", columns: columns)])]
    }

    private func content(_ database: Database) throws -> [String] {
        try [
            "SELECT json_group_array(json_array(rule, kind, text, every)) FROM replies",
            "SELECT json_group_array(json_array(id, rule, position, data, text)) FROM frames",
            "SELECT json_group_array(json_array(id, rule, name, equals)) FROM conditions",
            "SELECT json_group_array(json_array(id, name, reply)) FROM rules_readable",
            "SELECT json_group_array(json_array(type, name)) FROM (SELECT * FROM sqlite_schema ORDER BY type, name)",
        ].map { sql in
            let statement = try database.statement(sql)
            defer { statement.reset() }
            #expect(try statement.step())
            return statement.text(0) ?? ""
        }
    }

    @Test("rows that refer to it stay, and so do indexes, views and triggers")
    func kept() throws {
        let database = try Database(path: path, access: .writing)
        try database.run(
            """
            PRAGMA foreign_keys = ON;
            CREATE VIEW "my ""own"" view" AS SELECT kind FROM replies;
            CREATE INDEX replies_by_kind ON replies(kind);
            CREATE TRIGGER no_files BEFORE INSERT ON replies WHEN new.kind = 'file' BEGIN SELECT raise(ABORT, 'no'); END;
            CREATE TRIGGER on_view INSTEAD OF DELETE ON "my ""own"" view" BEGIN SELECT 1; END;
            """)
        let before = try content(database)
        #expect(before[1].contains(#"{\"z\":1}"#))
        #expect(throws: DatabaseError.self) { try database.run("UPDATE replies SET kind = 'mime'") }
        let migrations = try migrations(database)
        try database.rebuild(by: migrations)
        #expect(try content(database) == before)
        #expect(try database.number("PRAGMA foreign_keys") == 1)
        #expect(try database.number("PRAGMA user_version") == Int64(migrations.count))
        try database.run("UPDATE replies SET kind = 'mime' WHERE kind = 'text'")
        // What refers to a reply still goes with it.
        try database.run("DELETE FROM replies WHERE rule IN (SELECT id FROM rules WHERE name = 'b')")
        #expect(try database.number("SELECT count(*) FROM frames") == 1)
        database.close()
        let error = #expect(throws: DatabaseError.self) { try LibraryFile.read(path) }
        #expect(error?.kind == .newer)
    }

    @Test("a row that refers to nothing is told, and then nothing has changed")
    func orphans() throws {
        let database = try Database(path: path, access: .writing)
        try database.run("PRAGMA foreign_keys = OFF; DELETE FROM replies WHERE rule = (SELECT max(id) FROM rules)")
        let before = try content(database)
        let migrations = try migrations(database)
        let error = #expect(throws: DatabaseError.self) { try database.rebuild(by: migrations) }
        #expect(error?.what.hasPrefix("cannot be brought up to date: table frames, row ") == true)
        #expect(try content(database) == before)
        #expect(try database.number("PRAGMA user_version") == Int64(Migration.all.count))
        database.close()
        #expect(throws: Never.self) { try JournalReader(path: path) }
    }

    @Test("without a table to rebuild, nothing is done ahead of the step that its caller does")
    func nothing() throws {
        let database = try Database(path: path, access: .writing)
        try database.rebuild(by: Migration.all + [Migration(sql: "CREATE TABLE more (a)")])
        #expect(try database.number("PRAGMA user_version") == Int64(Migration.all.count))
        database.close()
    }
}
