import HTTPWire
import Journal
import Support
import Testing

@testable import Store

@Suite("The journal's schema, as a person meets it") struct M002JournalTests {
    private func row(_ call: EndedCall, _ columns: String) throws -> String? {
        let folder = try TemporaryFolder()
        let writer = try JournalWriter(path: folder.path("j"), limit: nil) { Issue.record("\($0)") }
        writer.arrived(call)
        writer.close()
        return try Database.reading(folder.path("j")) { (database) throws(DatabaseError) -> String? in
            let statement = try database.statement(
                "SELECT json_array(\(columns)) FROM calls_readable WHERE number = \(call.number)")
            defer { statement.reset() }
            return try statement.step() ? statement.text(0) : nil
        }
    }

    @Test("the view tells moments, texts and milliseconds")
    func view() throws {
        let columns = "run, number, arrived_at, agent, status, reply, first_byte_ms, ended_ms, outcome, frame_count"
        var call = SampleCall.full(12)
        call.reply = ReplyRecord(status: 200, fields: FieldBlock(), body: Array("hi".utf8))
        #expect(
            try row(call, columns)
                == #"[1,12,"2026-01-15T12:00:00.000000123Z","\#(call.agent ?? "")",200,"hi",0.4,1.2,"completed",null]"#)
        var stream = SampleCall.streaming(3)
        stream.ending = SampleCall.report(frames: [0, 0])
        #expect(try row(stream, "outcome, frame_count, length(reply)") == #"["client-closed",2,3]"#)
        #expect(try row(SampleCall.bare(4), "outcome, status, attempt, invocation_id") == "[null,null,null,null]")
    }

    @Test("the view tells a retry by what the SDK sends")
    func attempts() throws {
        var retried = SampleCall.bare(1)
        let fields = [
            ("AMZ-SDK-Invocation-Id", "0d2b3c6e-1a2b-4c3d-8e4f-5a6b7c8d9e0f"), ("Amz-Sdk-Request", "attempt=12; max=3"),
        ]
        retried.request = SampleCall.request(fields: fields)
        #expect(try row(retried, "invocation_id, attempt") == #"["0d2b3c6e-1a2b-4c3d-8e4f-5a6b7c8d9e0f",12]"#)
    }

    @Test("the payload can be asked with SQL")
    func payload() throws {
        #expect(try row(SampleCall.bare(1), "json_extract(request, '$.prompt')") == #"["Hello"]"#)
    }
}
