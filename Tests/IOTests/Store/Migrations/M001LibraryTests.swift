import Fields
import Testing

@testable import Store

@Suite("The library's schema, as a person meets it") struct M001LibraryTests {
    private static let refusals: [(sql: String, words: String)] = [
        ("INSERT INTO agents (arn, protocol) VALUES ('*', 'SMTP')", "protocol is HTTP, MCP, A2A or AGUI"),
        ("INSERT INTO agents (arn, auth) VALUES ('*', 'password')", "auth is sigv4, any, none or jwt"),
        ("INSERT INTO agents (arn, auth) VALUES ('*', 'jwt')", "jwt goes with auth jwt, and only with it"),
        ("INSERT INTO agents (arn, jwt) VALUES ('*', '{}')", "jwt goes with auth jwt, and only with it"),
        ("INSERT INTO agents (arn, auth, jwt) VALUES ('*', 'jwt', '[]')", "jwt is a JSON object"),
        ("INSERT INTO agents (arn, idle_timeout) VALUES ('*', 'long')", "idle_timeout is a duration like 15m"),
        ("INSERT INTO agents (arn) VALUES (NULL)", "NOT NULL constraint failed: agents.arn"),
        ("INSERT INTO endpoints (agent, name) VALUES (7, 'x')", "FOREIGN KEY constraint failed"),
        (
            "INSERT INTO credentials (access_key_id) VALUES ('A')",
            "NOT NULL constraint failed: credentials.secret_access_key"
        ),
        ("INSERT INTO users (username, groups) VALUES ('a', 'admins')", "groups is a JSON array of names"),
        ("INSERT INTO replies (rule, kind) VALUES (1, 'poem')", "kind is json, text, base64"),
        ("INSERT INTO replies (rule, kind) VALUES (1, 'text')", "a text reply wants the column text"),
        ("INSERT INTO replies (rule, kind, json) VALUES (1, 'json', 'hello')", "json is JSON: a text wants its quotes"),
        (
            "INSERT INTO replies (rule, kind, status) VALUES (1, 'echo', 'ok')",
            "cannot store TEXT value in INTEGER column"
        ),
        ("INSERT INTO replies (rule, kind) VALUES (1, 'echo'), (1, 'echo')", "UNIQUE constraint failed: replies.rule"),
        ("INSERT INTO conditions (rule, subject, name) VALUES (1, 'body', '$')", "subject is payload or header"),
        (
            "INSERT INTO faults (fault, applies_on) VALUES ('hang', '1-2')",
            #"applies_on is a JSON object like {"calls":"1-2"}"#
        ),
    ]

    @Test("a wrong value is refused with words that help", arguments: refusals)
    func refuses(_ refusal: (sql: String, words: String)) throws {
        let library = try EditedLibrary("INSERT INTO rules (name) VALUES ('a')")
        let error = #expect(throws: DatabaseError.self) { try library.edit(refusal.sql) }
        #expect(error?.kind == .mistaken)
        #expect(error?.what.contains(refusal.words) == true, "\(String(describing: error))")
    }

    @Test("the view of rules shows each on a line, in their order")
    func view() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO rules (position, name, when_call) VALUES (2, 'second', '1'), (1, 'first', NULL), (3, 'third', NULL);
            INSERT INTO conditions (rule, subject, name, contains, must_exist) VALUES (1, 'payload', '$.a', 'x', 1), (1, 'header', 'B', NULL, 0);
            INSERT INTO replies (rule, kind, json) VALUES (1, 'json', '{}');
            INSERT INTO replies (rule, kind) VALUES (2, 'stream');
            INSERT INTO frames (rule, data) VALUES (2, '1'), (2, '2');
            INSERT INTO replies (rule, kind, bytes) VALUES (3, 'base64', x'0001');
            """)
        let lines = try Database.reading(library.path) { (database) throws(DatabaseError) -> [String] in
            var lines: [String] = []
            let sql =
                "SELECT id, name || '|' || agent || '|' || coalesce(tests, '') || '|' || kind || '|' || reply FROM rules_readable"
            try database.eachRow(of: "rules_readable", sql, RowMistakes()) { lines.append($0.text(1) ?? "NULL") }
            return lines
        }
        #expect(
            lines == [
                "first|*||stream|2 frames", "second|*|$.a contains x exists and B is absent|json|{}",
                "third|*||base64|2 bytes",
            ])
    }
}
