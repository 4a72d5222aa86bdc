import Bytes
import HTTPWire
import Journal
import Support
import Testing

@testable import Store

@Suite("A row of the journal as a call") struct CallRowTests {
    @Test(
        "header lines become well-formed, whatever they were",
        arguments: [
            ("A: b\r\nC: d\r\n", "A: b\r\nC: d\r\n"), ("A: b\nC:d", "A: b\r\nC: d\r\n"),
            ("A:  two spaces\r\n", "A:  two spaces\r\n"),
            ("A: b\rc: d\r\n", "A: b c: d\r\n"), ("A\0: \u{7F}\t\r\n", "A :  \t\r\n"), ("no colon\r\n", ""), ("", ""),
            ("\r\n\n\r", ""),
            (":\r", ": \r\n"),
        ])
    func lines(_ text: String, _ expected: String) {
        let fields = FieldBlock(bytes: FieldLines.wellFormed(Array(text.utf8)))
        #expect(String(lossy: fields.bytes) == expected)
        #expect(fields.list.count == expected.split(separator: "\r\n").count)
    }

    /// The row of a call, and whatever is to be looked at in it.
    private func row<Result>(_ call: EndedCall, _ columns: String = "*", _ look: (Statement) -> Result) throws -> Result
    {
        let database = try Database(path: ":memory:", access: .writing)
        defer { database.close() }
        try database.migrate()
        let insert = try database.statement(CallRow.insert)
        let record = call.record
        try CallRow.bind(record, of: record.frameRun, id: 7, to: insert)
        try insert.runBound()
        insert.letGo()
        let row = try database.statement("SELECT \(columns) FROM calls")
        _ = try row.step()
        return look(row)
    }

    /// The columns that hold something, by name.
    private func held(_ row: Statement) -> Set<String> {
        Set((0..<row.columnCount).filter { row.type($0) != 5 }.map { row.name($0) })
    }

    @Test("the columns of the newest schema are those of the list of fields")
    func schema() throws {
        let database = try Database(path: ":memory:", access: .writing)
        defer { database.close() }
        try database.migrate()
        let all = try database.statement("SELECT * FROM calls")
        let names = (0..<all.columnCount).map { all.name($0) }
        let listed = CallField.allCases.compactMap(\.definition.column)
        #expect(Set(names) == Set(listed + ["id", "run", "number"]))
        #expect(names.count == listed.count + 3)
    }

    @Test("what a call does not say is NULL, and what it says stands in its own column")
    func columns() throws {
        let always: Set = [
            "id", "run", "number", "space", "arrived", "in_flight", "method", "target", "http_minor", "request_headers",
            "request_body", "request_body_bytes", "clock",
        ]
        #expect(try row(SampleCall.bare(1)) { held($0) } == always)
        let all = Set(CallField.allCases.compactMap(\.definition.column) + ["id", "run", "number"])
        #expect(try row(SampleCall.full(1)) { held($0) }.subtracting(all).isEmpty)
        #expect(try row(SampleCall.full(1)) { held($0) }.isStrictSuperset(of: always))
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
        call.request = SampleCall.request([0xFF, 0x00], fields: [("A", "\u{E9}"), ("B", "")])
        let columns = "request_headers, request_body, typeof(request_headers)"
        let found = try row(call, columns) { [$0.bytes(0), $0.bytes(1), $0.bytes(2)] }
        #expect(found == [Array("A: \u{E9}\r\nB: \r\n".utf8), [0xFF, 0x00], Array("text".utf8)])
    }

    @Test("every column that is written is read")
    func selected() throws {
        let database = try Database(path: ":memory:", access: .writing)
        defer { database.close() }
        try database.migrate()
        let read = try database.statement("SELECT \(CallRow.selected) FROM calls")
        let names = (0..<read.columnCount).map { read.name($0) }
        #expect(names[..<3] == ["id", "run", "number"])
        #expect(Set(names[3...]) == Set(CallRow.fields.compactMap(\.definition.column)))
    }
}

@Suite("Frames as text") struct FrameTextTests {
    @Test("go in and come out")
    func roundTrip() {
        let frames = [FrameRecord(due: 0, sent: -5, bytes: 0), FrameRecord(due: .max, sent: .min, bytes: 27)]
        for list in [[], [frames[0]], frames] {
            #expect(FrameText.frames(FrameText.text(list)) == list)
        }
        #expect(
            String(lossy: FrameText.text([FrameRecord(due: 1, sent: 2, bytes: 3)]))
                == #"[{"due":1,"sent":2,"bytes":3}]"#)
    }

    @Test(
        "anything else is no list of frames",
        arguments: [
            "", "{}", "[1]", "[{}]", #"[{"due":1,"sent":2}]"#, #"[{"sent":1,"due":2,"bytes":3}]"#,
            #"[{"due":"1","sent":2,"bytes":3}]"#, #"[{"due":1.5,"sent":2,"bytes":3}]"#,
            #"[{"due":99999999999999999999,"sent":2,"bytes":3}]"#,
        ])
    func nonsense(_ text: String) {
        #expect(FrameText.frames(Array(text.utf8)) == nil)
    }
}
