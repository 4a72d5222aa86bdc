import Bytes
import Delivery
import JSON
import SSEWire
import Testing

@testable import Rules

@Suite("Echoes") struct EchoReplyTests {
    @Test(
        "the caller's words come back",
        arguments: [
            (#"{"prompt": "Hello"}"#, "Hello"), (#"{"inputText": "Hi"}"#, "Hi"),
            (#"{"message": "m", "prompt": 1}"#, "m"),
            (#"{"input": "i"}"#, "i"), (#"{"a": 1}"#, #"{"a": 1}"#), ("plain text", "plain text"), ("", ""),
            (#""a string""#, "a string"), ("[1]", "[1]"), (#"{"prompt": "{{session}}"}"#, "{{session}}"),
        ])
    func words(body: String, text: String) throws {
        let conversation = try Conversation(#"{"reply": {"echo": true}}"#)
        let answer = try Value.parse(#require(conversation.text(body)))
        #expect(answer == ["response": ["role": "assistant", "content": [["text": .string(text)]]]])
    }

    @Test(
        "a caller that accepts an event stream gets one",
        arguments: [
            ("text/event-stream", true), ("application/json, text/event-stream", true),
            ("TEXT/Event-Stream;q=0.5", true),
            ("text/event-stream; q=0", false), ("text/event-stream;q=0.000", false), ("*/*", false), ("", false),
            ("application/json", false), ("text/event-streams", false), ("text/event-stream;q=0.001", true),
            (",;,", false),
        ])
    func accepting(accept: String, isStream: Bool) throws {
        #expect(EchoReply.acceptsEventStream(ArraySlice(accept.utf8)) == isStream)
        let conversation = try Conversation(#"{"reply": {"echo": true}}"#)
        conversation.headers = ["accept": accept]
        let reply = try #require(conversation.ask(#"{"prompt": "a b"}"#).reply)
        #expect(reply.contentType == (isStream ? "text/event-stream" : "application/json"))
    }

    @Test(
        "a word an event, each a JSON string; together they are the text",
        arguments: [
            ("Hello there, you", ["\"Hello \"", "\"there, \"", "\"you\""]), ("", ["\"\""]), ("one", ["\"one\""]),
            ("  a\n b ", ["\"  \"", "\"a\\n \"", "\"b \""]), ("é 🎉", ["\"é \"", "\"🎉\""]),
        ])
    func frames(text: String, data: [String]) throws {
        let script = EchoReply.script(text)
        #expect(script.frames.dropLast().map { String(lossy: $0.bytes) } == data.map { "data: \($0)\n\n" })
        let last = String(lossy: script.frames.last?.bytes ?? [])
        #expect(last.hasPrefix("data: {") && last.hasSuffix("}\n\n"))
        #expect(
            try Value.parse(String(last.dropFirst(6)))
                == ["message": ["role": "assistant", "content": [["text": .string(text)]]]])
    }

    @Test("a long text is streamed within a second, in no more than about a thousand events")
    func long() throws {
        let text = String(repeating: "word ", count: 200_000)
        let script = EchoReply.script(text)
        #expect(script.frames.count <= 1_002)
        #expect(script.frames.last.map { $0.offset <= 1_000_000_000 } == true)
        #expect(EchoReply.script("a b c").frames.map(\.offset) == [0, 20_000_000, 40_000_000, 60_000_000])
        #expect(EchoReply.script(String(repeating: "x", count: 1_000_000)).frames.count == 2)
    }
}
