import JSON
import Support
import Testing

@testable import Store

@Suite("The journal's further facts") struct M007FactsTests {
    @Test("faults of an older journal, which were texts, have a name and a why alone")
    func faults() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("old")
        let old = try Database(path: path, access: .writing)
        for migration in Migration.all[..<6] { try old.run(migration.sql) }
        try old.run(
            """
            PRAGMA application_id = \(Migration.applicationID); PRAGMA user_version = 6;
            INSERT INTO runs (id, started) VALUES (1, 0);
            INSERT INTO calls (id, space, arrived, in_flight, method, target, http_minor, request_headers, request_body,
              request_body_bytes, faults)
            VALUES (1000000000001, 'default', 0, 1, 'GET', '/', 1, '', x'', 0,
              '["slow","cut (not applied: it has no frames)"]'),
              (1000000000002, 'default', 0, 1, 'GET', '/', 1, '', x'', 0, NULL);
            """)
        old.close()
        // Read as it is, and when it was brought up to date.
        for _ in 0..<2 {
            let calls = try JournalReader(path: path).entries().map(\.call.json)
            #expect(
                calls.map { $0["faults"] } == [
                    [["name": "slow", "why": .null], ["name": "cut", "why": "it has no frames"]], [],
                ])
            try Database.writing(path) { _ in }.close()
        }
    }
}
