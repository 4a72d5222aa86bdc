import Delivery
import Library
import Recording
import Testing
import Time

@testable import Store

@Suite("Recorded calls in a library") struct RecordedRowsTests {
    @Test("a call that a person writes with SQL")
    func written() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO recordings (name) VALUES ('a');
            INSERT INTO recorded_calls (id, recording, agent, request_headers, request_body, reply_headers)
              VALUES (7, 1, 'arn', 'Accept: */*' || char(10) || 'X-A:1', '{"prompt":"Hello"}', '');
            INSERT INTO recorded_frames (call, at, bytes) VALUES (7, 1500, 'data: 1'), (7, 2500, x'0A0A');
            INSERT INTO replay (kind, value) VALUES ('volatile', '$.id'), ('header', 'X-Tenant');
            """)
        let scenario = try library.read()
        let call = try #require(scenario.recorded.first)
        #expect(scenario.recorded.count == 1 && scenario.recordings == [] && call.recording == "a")
        #expect(call.requestFields.list.map(\.value) == ["*/*", "1"])
        #expect(call.requestBody == Array(#"{"prompt":"Hello"}"#.utf8))
        #expect(
            call.reply.body
                == .frames([
                    RecordedFrame(at: 1_500, bytes: Array("data: 1".utf8)), RecordedFrame(at: 2_500, bytes: [10, 10]),
                ]))
        #expect(scenario.replay.volatile == ["$.id"] && scenario.replay.headers == ["X-Tenant"])
    }

    @Test("nonsense is named by its row and column")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true,
            """
            INSERT INTO recorded_calls (agent, request_headers, outcome, reply_body) VALUES ('a', 'Accept', 'lost', 'x');
            INSERT INTO recorded_frames (call, bytes) VALUES (1, 7), (1, 'x');
            INSERT INTO replay (kind, value) VALUES ('odd', 'x');
            """)
        #expect(
            library.mistakes
                == [
                    "table recorded_frames, row 1, column bytes: is not a blob",
                    "table recorded_calls, row 1, column reply_body: stands beside frames: one of them has to go",
                    "table recorded_calls, row 1, column request_headers: holds a line without a colon: \"Accept\"",
                    "table recorded_calls, row 1, column outcome: \"lost\" is not one of completed, client-closed, reset, "
                        + "closed, hung, refused, session-stopped",
                    "table replay, row 1, column kind: \"odd\" is not one of volatile, header",
                ].sorted { $0.contains("replay,") && !$1.contains("replay,") })
    }
}
