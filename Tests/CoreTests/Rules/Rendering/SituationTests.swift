import JSON
import Testing

@Suite("What templates are filled with") struct SituationTests {
    private func answer(_ template: String, _ body: String = #"{"a": {"b": [1.50, "x", null, true]}}"#) throws
        -> String?
    {
        let conversation = try Conversation(#"{"reply": {"text": "\#(template)"}}"#)
        conversation.user = "u1"
        conversation.headers = ["x-tenant": "blue"]
        return conversation.text(body)
    }

    @Test(
        "every hole has its value",
        arguments: [
            ("{{payload.a.b[0]}}", "1.50"), ("{{payload.a.b[1]}}", "x"), ("{{payload.a.b[3]}}", "true"),
            ("{{payload.a}}", #"{"b": [1.50, "x", null, true]}"#), ("{{header.X-Tenant}}", "blue"), ("{{user}}", "u1"),
            ("{{session}}", "session-0123456789-0123456789-0123456789"), ("{{agent}}", "search_agent-ABCDEFGHIJ"),
            ("{{qualifier}}", "DEFAULT"), ("{{call}}", "1"), ("{{state}}", "start"),
            ("{{now}}", "2026-01-15T12:00:00.000000000Z"),
        ])
    func values(template: String, expected: String) throws { #expect(try answer(template) == expected) }

    @Test("what a call does not have leaves nothing in a text; null is written")
    func missing() throws {
        #expect(try answer("[{{payload.none}}{{header.none}}]") == "[]")
        #expect(try answer("{{payload.a.b[2]}}") == "null")
    }

    @Test("a template is filled once: what a caller sends is never one")
    func once() throws {
        #expect(try answer("{{payload.a}}", #"{"a": "{{session}}"}"#) == "{{session}}")
    }

    @Test("the same seed gives the same ids, each hole its own")
    func ids() throws {
        let text = try #require(try answer("{{uuid}} {{uuid}}"))
        #expect(try answer("{{uuid}} {{uuid}}") == text)
        let ids = text.split(separator: " ")
        #expect(ids[0] != ids[1] && ids.allSatisfy { $0.utf8.count == 36 && Array($0)[14] == "4" })
    }
}
