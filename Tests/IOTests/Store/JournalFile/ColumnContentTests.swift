import Testing

@testable import Store

@Suite("Columns on their way to the writer") struct ColumnContentTests {
    /// What `content` binds to the parameters of a row, as SQLite prints it.
    private func bound(_ content: [UInt8], from first: Int32 = 1) throws -> [String?] {
        let database = try Database(path: ":memory:", access: .writing)
        defer { database.close() }
        let row = try database.statement("SELECT quote(?), quote(?), quote(?), quote(?), quote(?)")
        try content.span.withUnsafeBytes { (bytes) throws(DatabaseError) in
            try ColumnContent.bind(0..<bytes.count, of: bytes, from: first, to: row)
            _ = try row.step()
        }
        return (0..<5).map { row.text($0) }
    }

    @Test("each kind arrives as itself, empty ones too")
    func kinds() throws {
        var content: [UInt8] = []
        content.append(addingCapacity: 100) { columns in
            columns.appendColumn(-5)
            columns.appendColumn(text: "")
            columns.appendColumn(text: nil)
            let blob: [UInt8] = [0, 255]
            columns.appendColumn(blob: blob.span)
            columns.appendColumn(textOf: 2)
            columns.append("it" as StaticString)
        }
        #expect(try bound(content) == ["-5", "''", "NULL", "X'00FF'", "'it'"])
    }

    @Test("they begin where they are told to, and say nothing of the others")
    func first() throws {
        var content: [UInt8] = []
        content.append(addingCapacity: 100) { columns in
            columns.appendColumn(.max)
            columns.appendNullColumn()
            columns.appendColumn(text: "\u{E9}")
        }
        #expect(try bound(content, from: 3) == ["NULL", "NULL", "9223372036854775807", "NULL", "'\u{E9}'"])
    }
}
