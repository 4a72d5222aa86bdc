import Bytes
import HTTPWire
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

    @Test("every column that is written is read")
    func columns() throws {
        let database = try Database(path: ":memory:", access: .writing)
        try database.run(Migration.m002Journal.sql)
        let read = try database.statement("SELECT \(CallRow.columns) FROM calls")
        let written = CallColumns.arrival + CallColumns.ending
        #expect((0..<read.columnCount).map { read.name($0) } == ["id", "run", "number"] + written.dropFirst())
    }
}
