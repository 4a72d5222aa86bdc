import Journal
import Support
import Testing

@testable import Store

@Suite("A call as columns") struct CallColumnsTests {
    /// The row of a call, and whatever is to be looked at in it.
    private func row<Result>(_ call: Call, _ columns: String = "*", _ look: (Statement) -> Result) throws -> Result {
        let database = try Database(path: ":memory:", access: .writing)
        try database.run(Migration.m002Journal.sql)
        var (binding, batch) = (CallColumns(), JournalQueue.Batch())
        batch.append(call)
        let insert = try database.statement(CallColumns.insert)
        try batch.content.span.withUnsafeBytes { (content) throws(DatabaseError) in
            try binding.bind(batch.arrivals[0], of: content, id: 7, to: insert)
            try insert.runBound()
        }
        let row = try database.statement("SELECT \(columns) FROM calls")
        defer { database.close() }
        _ = try row.step()
        return look(row)
    }

    /// The columns that hold something, by name.
    private func held(_ row: Statement) -> Set<String> {
        Set((0..<row.columnCount).filter { row.type($0) != 5 }.map { row.name($0) })
    }

    @Test("what a call does not say is NULL, and what it says stands in its own column")
    func columns() throws {
        let always: Set = [
            "id", "run", "number", "space", "arrived", "in_flight", "method", "target", "http_minor", "request_headers",
            "request_body", "request_body_bytes",
        ]
        #expect(try row(SampleCall.bare(1)) { held($0) } == always)
        let all = Set(CallColumns.arrival + CallColumns.ending + ["run", "number"])
        #expect(try row(SampleCall.full(1)) { held($0) } == all.subtracting(["frames"]))
    }

    @Test("each text stands in the column of its name")
    func names() throws {
        var call = SampleCall.bare(1)
        (call.agent, call.operation, call.qualifier) = ("agent", "operation", "qualifier")
        (call.session, call.user, call.principal, call.rule) = ("session", "user", "principal", "rule")
        call.auth = Call.Auth(scheme: "auth_scheme", verdict: .refused, why: "auth_why")
        let names = [
            "agent", "operation", "qualifier", "session", "user", "principal", "rule", "auth_scheme", "auth_why",
        ]
        let texts = try row(call, names.joined(separator: ", ")) { row in names.indices.map { row.text(Int32($0)) } }
        #expect(texts == names)
    }

    @Test("header sections and bodies are kept as they are, of whatever bytes")
    func bytes() throws {
        var call = SampleCall.bare(1)
        call.request = SampleCall.request([0xFF, 0x00], fields: "A: \u{E9}\r\nB: \r\n")
        let columns = "request_headers, request_body, typeof(request_headers)"
        let found = try row(call, columns) { [$0.bytes(0), $0.bytes(1), $0.bytes(2)] }
        #expect(found == [Array("A: \u{E9}\r\nB: \r\n".utf8), [0xFF, 0x00], Array("text".utf8)])
    }
}
