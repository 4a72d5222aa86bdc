import Bytes
import JSON
import Testing

@testable import Library
@testable import Rules

@Suite("Replies") struct CompiledReplyTests {
    private func reply(_ reply: String, headers: [String: String] = [:]) throws -> RenderedReply {
        let conversation = try Conversation(#"{"reply": {\#(reply)}}"#)
        conversation.headers = headers
        return try #require(conversation.ask(#"{"prompt": "hi", "evil": "a\r\nSet-Cookie: b"}"#).reply)
    }

    @Test(
        "every kind has its content type",
        arguments: [
            (#""json": 1"#, "application/json"), (#""text": "a""#, "text/plain; charset=utf-8"),
            (#""base64": "AAE=""#, "application/octet-stream"), (#""stream": {"events": []}"#, "text/event-stream"),
            (#""echo": true"#, "application/json"), (#""error": "ThrottlingException""#, nil),
            (#""agentError": 500"#, nil),
            (#""text": "a", "contentType": "text/csv""#, "text/csv"),
            (#""text": "a", "headers": {"content-type": "text/csv"}"#, nil),
        ])
    func contentTypes(json: String, type: String?) throws { #expect(try reply(json).contentType == type) }

    @Test("headers take templates, and keep their order")
    func headers() throws {
        let reply = try reply(#""text": "a", "headers": {"X-B": "{{payload.prompt}}!", "Set-Cookie": ["a=1", "b=2"]}"#)
        #expect(
            reply.headers == [
                HeaderLine(name: "X-B", value: "hi!"), HeaderLine(name: "Set-Cookie", value: "a=1"),
                HeaderLine(name: "Set-Cookie", value: "b=2"),
            ])
    }

    @Test("bytes, errors and the agent's own status")
    func kinds() throws {
        #expect(try reply(#""base64": "AP8=""#).body == .bytes([0, 255]))
        #expect(
            try reply(#""error": "ThrottlingException""#).body
                == .serviceError(name: "ThrottlingException", message: nil))
        #expect(
            try reply(#""error": {"name": "ConflictException", "message": "no {{payload.prompt}}"}"#).body
                == .serviceError(name: "ConflictException", message: "no hi"))
        #expect(try reply(#""agentError": {"status": 502}"#).body == .agentError(status: 502))
    }

    @Test(
        "a file is its bytes, with the type of its ending",
        arguments: [
            ("a/b.PDF", "application/pdf"), ("x.tar.json", "application/json"),
            ("noending", "application/octet-stream"),
            (".json", "application/octet-stream"), ("a.b/c", "application/octet-stream"),
        ])
    func files(path: String, type: String) throws {
        var scenario = Scenario()
        scenario.rules = [Rule(reply: Reply(.file(path)))]
        #expect(scenario.fileNames == [path])
        #expect { _ = try RuleBook(scenario) } throws: {
            "\($0)" == "rules[0]: the file \"\(path)\" is not in the library"
        }
        scenario.files = [path: [1, 2, 3]]
        let constant = try RuleBook(scenario).replies[0].constant
        #expect(constant?.body == .bytes([1, 2, 3]) && constant?.contentType == type)
    }
}
