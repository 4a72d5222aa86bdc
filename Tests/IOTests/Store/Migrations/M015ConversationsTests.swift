import Testing

@testable import Store

@Suite("The schema's status of a conversation") struct M015ConversationsTests {
    private static let conversation = "'InvokeAgentRuntimeWithWebSocketStream'"

    @Test("what was kept as 200 before becomes 101, and nothing else does")
    func status() throws {
        let database = try Database(path: ":memory:", access: .writing)
        defer { database.close() }
        let before = Array(Migration.all.prefix(14))
        try database.migrate(by: before)
        try database.run(
            """
            INSERT INTO recorded_calls (id, agent, operation, status) VALUES (1, 'a', \(Self.conversation), 200),
              (2, 'a', \(Self.conversation), 200), (3, 'a', 'InvokeAgentRuntime', 200), (4, 'a', \(Self.conversation), 403);
            INSERT INTO recorded_calls (id, agent, operation, status, reply_body) VALUES (5, 'a', \(Self.conversation), 200, x'01');
            INSERT INTO recorded_frames (call, bytes, direction, kind) VALUES (1, x'02', 'out', 'text');
            """)
        try database.rebuild()
        let rows = try database.statement("SELECT status FROM recorded_calls ORDER BY id")
        var found: [Int64] = []
        while try rows.step() { found.append(rows.integer(0)) }
        #expect(found == [101, 101, 200, 403, 200])
        #expect(try database.number("SELECT count(*) FROM recorded_frames") == 1)
        #expect(throws: DatabaseError.self) { try database.run("UPDATE recorded_calls SET status = 102") }
    }
}
