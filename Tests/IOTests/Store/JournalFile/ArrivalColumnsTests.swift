import Journal
import Testing

@testable import Store

@Suite("What an arrival says, as columns") struct ArrivalColumnsTests {
    @Test("the room that is made for a call is what it takes, whatever it says")
    func room() throws {
        var calls = [SampleCall.bare(1), SampleCall.full(2)]
        calls[1].faults = ["latency", "an \"odd\" one\n"]
        for call in calls {
            var batch = JournalQueue.Batch()
            batch.append(call)
            let database = try Database(path: ":memory:", access: .writing)
            defer { database.close() }
            let names = CallColumns.arrival.dropFirst()
            let row = try database.statement("SELECT \(names.map { _ in "?" }.joined(separator: ", "))")
            let content = batch.content
            let columns = try content.span.withUnsafeBytes { (bytes) throws(DatabaseError) in
                try ColumnContent.bind(batch.arrivals[0].content, of: bytes, from: 1, to: row)
                _ = try row.step()
                return names.indices.map { row.bytes(Int32($0 - 1)) }
            }
            #expect(columns.count == 26)
            #expect(columns[3] == Array(call.request.head[call.request.method]))
            #expect(columns[21] == (call.faults.isEmpty ? [] : Array(#"["latency","an \"odd\" one\n"]"#.utf8)))
            #expect(columns[24] == (call.reply?.body ?? []))
        }
    }
}
