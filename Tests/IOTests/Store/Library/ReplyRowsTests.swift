import JSON
import Library
import Rules
import Testing

@testable import Store

@Suite("Replies in a library") struct ReplyRowsTests {
    @Test("a stream that a person writes with SQL, and changes with SQL")
    func stream() throws {
        let library = try EditedLibrary(
            """
            INSERT INTO rules (name) VALUES ('stream');
            INSERT INTO replies (rule, kind, first_after, every, jitter, headers)
              VALUES (1, 'stream', '400ms', '30ms', 0.2, '{"X-A":["1","2"],"X-B":"3"}');
            INSERT INTO frames (rule, data) VALUES (1, '{"data":"Hel"}'), (1, '{"data":"lo"}');
            INSERT INTO frames (rule, position, comment, after) VALUES (1, 1, 'first', '1ms');
            """)
        var stream = StreamReply()
        (stream.firstAfter, stream.every, stream.jitter) = (.milliseconds(400), .milliseconds(30), 0.2)
        stream.events = [StreamReply.Event(), StreamReply.Event(), StreamReply.Event()]
        (stream.events[0].comment, stream.events[0].after) = ("first", .milliseconds(1))
        stream.events[1].data = .object([.init("data", .string("Hel"))])
        stream.events[2].data = .object([.init("data", .string("lo"))])
        let reply = try library.read().rules.first?.reply
        #expect(reply?.kind as? StreamReply == stream)
        let headers = reply?.headers?.map { "\($0.name): \($0.value)" }
        #expect(headers == ["X-A: 1", "X-A: 2", "X-B: 3"])

        try library.edit("UPDATE replies SET kind = 'echo'")
        #expect(try library.read().rules.first?.reply.kind is EchoReply)
        try library.edit("DELETE FROM rules")
        #expect(try library.read() == Scenario())
    }

    @Test("a header that stands twice keeps its places")
    func headers() throws {
        var scenario = Scenario()
        var reply = Reply(.echo)
        reply.headers = [("a", "1"), ("b", "2"), ("a", "3")].map { HeaderLine(name: $0.0, value: $0.1) }
        scenario.rules = [Rule(reply: reply)]
        #expect(try EditedLibrary(of: scenario, "").read() == scenario)
    }

    @Test("nonsense is named by its row and column")
    func nonsense() throws {
        let library = try EditedLibrary(
            unchecked: true,
            """
            INSERT INTO rules (id) VALUES (1), (2), (3), (4), (5);
            INSERT INTO replies (rule, kind) VALUES (1, 'json'), (2, 'poem'), (3, 'agentError'), (8, 'echo');
            INSERT INTO replies (rule, kind, headers) VALUES (4, 'echo', '{"a":1,"b":["x",{}]}');
            INSERT INTO replies (rule, kind, every) VALUES (5, 'stream', 'often');
            INSERT INTO frames (rule, data) VALUES (5, 'hello'), (7, '1');
            """)
        let mistakes = library.mistakes
        #expect(mistakes.first?.hasPrefix("table frames, row 1, column data: is not JSON: line 1, column 1") == true)
        #expect(
            mistakes.dropFirst() == [
                "table replies, row 1, column json: is missing",
                "table replies, row 2, column kind: \"poem\" is not one of json, text, base64, file, stream, echo, error, agentError, websocket",
                "table replies, row 3, column agent_status: is missing",
                "table replies, row 4, column headers: a is a number, not a string",
                "table replies, row 4, column headers: b is an object, not a string",
                "table replies, row 5, column every: \"often\" is not a duration: write 250ms, 1.5s, 15m or 8h",
                "table frames, column rule: 7 is no row of replies",
                "table replies, column rule: 8 is no row of rules",
            ])
    }
}
