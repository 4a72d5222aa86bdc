import Support
import Testing

@testable import Store

@Suite("Migrations") struct MigrationTests {
    @Test("a new file has the latest version and our mark")
    func identity() throws {
        let folder = try TemporaryFolder()
        try Database.writing(folder.path("x")) { _ in }.close()
        guard case .database(let header) = try DatabaseFile(path: folder.path("x")).content else {
            Issue.record("not seen as a database")
            return
        }
        #expect(header.userVersion == Migration.all.count)
        #expect(header.applicationID == 0x554E_4453)
        #expect(header.isWriteAhead)
    }

    @Test("each older version comes to the same schema as a new file")
    func upgrades() throws {
        let folder = try TemporaryFolder()
        let new = try Database.writing(folder.path("new")) { _ in }
        for version in 1..<Migration.all.count {
            let path = folder.path("old-\(version)")
            let old = try Database(path: path, access: .writing)
            try old.transaction { () throws(DatabaseError) in try old.migrate(by: Array(Migration.all[..<version])) }
            try old.run("PRAGMA application_id = \(Migration.applicationID); PRAGMA user_version = \(version)")
            old.close()
            let upgraded = try Database.writing(path) { _ in }
            #expect(try upgraded.identifiedVersion() == Migration.all.count)
            #expect(try schema(upgraded) == schema(new))
        }
    }

    private func schema(_ database: Database) throws -> [String] {
        try database.rows(of: "(SELECT sql, rowid AS id, NULL AS position FROM sqlite_schema)", "sql", RowMistakes()) {
            $0.text(3)
        }
    }

    @Test("what is not ours, newer, or without a version is refused")
    func refusals() {
        let ours = Migration.applicationID
        for (identity, version, kind) in [
            (0, 1, DatabaseError.Kind.foreign), (ours + 1, 1, .foreign), (ours, Migration.all.count + 1, .newer),
            (ours, Int.max, .newer),
            (ours, 0, .damaged), (ours, -1, .damaged),
        ] {
            let error = #expect(throws: DatabaseError.self) {
                try Migration.check(path: "x", applicationID: identity, version: version)
            }
            #expect(error?.kind == kind)
        }
    }
}
