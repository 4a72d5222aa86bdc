import Bytes
import Delivery
import HAR
import Support
import Testing

@testable import Recording

@Suite("Recorded calls as archives") struct ArchivedCallsTests {
    private static func calls(_ text: String) throws -> (calls: [RecordedCall], others: Int) {
        try ArchivedCalls.calls(of: try Archive(Array(text.utf8)))
    }

    @Test("what another tool kept of a call of this service becomes a recorded call, and other calls are counted")
    func foreign() throws {
        let arn = "arn:aws:bedrock-agentcore:eu-west-1:209803798463:runtime/search-ABCDEFGHIJ"
        let path = "/runtimes/\(PercentEncoding.encode(arn.utf8))/invocations?qualifier=prod"
        let found = try Self.calls(
            """
            {"log": {"version": "1.2", "entries": [
              {"startedDateTime": "2026-01-02T03:04:05.678Z", "time": 12,
               "request": {"method": "POST", "url": "https://bedrock-agentcore.eu-west-1.amazonaws.com\(path)",
                 "headers": [{"name": ":authority", "value": "x"}, {"name": "Content-Type", "value": "application/json"},
                   {"name": "x-amzn-bedrock-agentcore-runtime-session-id", "value": "s1"}],
                 "postData": {"mimeType": "application/json", "text": "{}"}},
               "response": {"status": 200, "headers": [{"name": "content-encoding", "value": "gzip"}],
                 "content": {"mimeType": "text/event-stream", "text": "data: a\\n\\ndata: b\\r\\n\\r\\ndata: c"}},
               "timings": {"send": 1, "wait": 2.5, "receive": 4}},
              {"request": {"method": "GET", "url": "https://example.com/"}, "response": {"status": 200}},
              {"request": {"method": "POST", "url": "http://a\(path)"}, "response": {"status": 0}}]}}
            """)
        #expect(found.others == 1)
        let call = try #require(found.calls.first)
        #expect(call.agent == arn)
        #expect([call.qualifier, call.operation, call.session] == ["prod", "InvokeAgentRuntime", "s1"])
        #expect(call.requestBody == Array("{}".utf8))
        #expect(call.requestFields.list.map(\.name) == ["Content-Type", "x-amzn-bedrock-agentcore-runtime-session-id"])
        #expect(call.reply.fields.list.map(\.name) == ["Content-Type"])
        #expect(call.reply.frames.map { String(lossy: $0.bytes) } == ["data: a\n\n", "data: b\r\n\r\n", "data: c"])
        #expect(call.reply.frames.map(\.at) == [3_500, 3_500, 3_500])
        #expect(call.reply.ended == 7_500)
    }

    @Test(
        "a call that was never answered is one whose connection ended before the head",
        arguments: [
            ("", Report.Outcome.closed), (#", "_error": "net::ERR_ABORTED""#, .closed),
            (#", "_error": "net::ERR_CONNECTION_RESET""#, .reset),
        ])
    func unanswered(_ error: String, _ outcome: Report.Outcome) throws {
        let url = "http://a/runtimes/a-ABCDEFGHIJ/invocations?accountId=209803798463"
        let found = try Self.calls(
            """
            {"log": {"entries": [{"time": 5, "request": {"method": "POST", "url": "\(url)", "postData": {"text": "{}"}},
              "response": {"status": 0, "headers": [], "content": {"mimeType": "x-unknown"}\(error)}}]}}
            """)
        let call = try #require(found.calls.first)
        #expect(call.outcome == outcome && call.requestBody == Array("{}".utf8))
        #expect(call.reply.ended == 5_000 && call.reply.fields.list.isEmpty && call.reply.pieces == [])
    }

    @Test("an answer with an impossible status is told with its place")
    func status() {
        let entry =
            #"{"request": {"method": "POST", "url": "http://a/runtimes/a-ABCDEFGHIJ/invocations?accountId=209803798463"}, "response": {"status": 777}}"#
        #expect(throws: ArchiveMistake("log.entries[0].response.status", "is none of 101 and 200 to 599")) {
            try Self.calls(#"{"log": {"entries": [\#(entry)]}}"#)
        }
    }
}
