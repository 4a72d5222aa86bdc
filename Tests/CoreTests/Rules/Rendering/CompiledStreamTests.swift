import Bytes
import Delivery
import JSON
import SSEWire
import Testing

@testable import Rules

@Suite("Streamed replies") struct CompiledStreamTests {
    private func stream(_ stream: String) throws -> (FrameScript, Int64)? {
        let conversation = try Conversation(#"{"reply": {"stream": \#(stream)}}"#)
        guard case .stream(let script, let firstAfter) = conversation.ask(#"{"who": "you", "o": {"a": 1}}"#).reply?.body
        else {
            return nil
        }
        return (script, firstAfter)
    }

    private func texts(_ events: String) throws -> [String] {
        let script = try #require(try stream(#"{"events": [\#(events)]}"#)).0
        return script.frames.map { String(lossy: $0.bytes) }
    }

    @Test("data is JSON as the AgentCore SDK's container writes it, text is text")
    func frames() throws {
        #expect(
            try texts(
                #"""
                {"data": {"data": "Hel"}}, {"data": "lo é"}, {"data": null}, {"text": "a\nb"},
                {"event": "e", "id": "1", "retry": 3000, "data": 1}, {"comment": "ping"}
                """#) == [
                    "data: {\"data\": \"Hel\"}\n\n", "data: \"lo é\"\n\n", "data: null\n\n", "data: a\ndata: b\n\n",
                    "event: e\nid: 1\nretry: 3000\ndata: 1\n\n", ": ping\n\n",
                ])
    }

    @Test("templates fill data, text, event, id and comment")
    func templates() throws {
        #expect(
            try texts(
                #"""
                {"data": {"to": "{{payload.who}}", "o": "{{payload.o}}"}}, {"data": "static"},
                {"text": "Hi {{payload.who}}", "id": "{{call}}", "event": "{{state}}", "comment": "{{agent}}"}
                """#) == [
                    "data: {\"to\": \"you\", \"o\": {\"a\": 1}}\n\n", "data: \"static\"\n\n",
                    ": search_agent-ABCDEFGHIJ\nevent: start\nid: 1\ndata: Hi you\n\n",
                ])
    }

    @Test("an event is due at firstAfter and the sum of the gaps: after, else every")
    func pacing() throws {
        let (script, firstAfter) = try #require(
            try stream(
                #"""
                {"firstAfter": "400ms", "every": "30ms", "jitter": 0.2, "events": [
                  {"data": 1}, {"data": 2}, {"data": 3, "after": "100ms"}, {"data": 4}]}
                """#))
        #expect(firstAfter == 400_000_000 && script.jitter == 0.2)
        #expect(script.frames.map(\.offset) == [0, 30_000_000, 130_000_000, 160_000_000])
        #expect(script.frames.map(\.gap) == [0, 30_000_000, 100_000_000, 30_000_000])
    }

    @Test("a first event that says after comes after that; without times all are due at once")
    func first() throws {
        let (late, _) = try #require(try stream(#"{"events": [{"data": 1, "after": "5ms"}, {"data": 2}]}"#))
        #expect(late.frames.map(\.offset) == [5_000_000, 5_000_000])
    }

    @Test("gaps of centuries add up to an end, not to an overflow")
    func centuries() throws {
        let (script, _) = try #require(
            try stream(
                #"{"every": "100000d", "events": [\#(Array(repeating: #"{"data": 1}"#, count: 2_000).joined(separator: ","))]}"#
            ))
        #expect(script.frames.allSatisfy { $0.offset >= 0 && $0.offset <= Int64.max / 4 })
    }

    @Test("a stream without templates is one script for all calls")
    func shared() throws {
        let compiled = try Conversation.book(#"{"reply": {"stream": {"events": [{"data": 1}]}}}"#)
        #expect(compiled.replies[0].constant != nil)
        let filled = try Conversation.book(#"{"reply": {"stream": {"events": [{"data": "{{call}}"}]}}}"#)
        #expect(filled.replies[0].constant == nil)
    }

    @Test("what a caller sends cannot end an event early")
    func injection() throws {
        let conversation = try Conversation(
            #"{"reply": {"stream": {"events": [{"text": "{{payload.x}}", "id": "{{payload.x}}"}]}}}"#)
        let text = try #require(conversation.text(#"{"x": "a\n\ndata: b"}"#))
        #expect(text == "id: a  data: b\ndata: a\ndata: \ndata: data: b\n\n")
    }
}
