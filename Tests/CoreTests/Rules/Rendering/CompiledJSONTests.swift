import JSON
import Testing

@testable import Rules

@Suite("JSON replies") struct CompiledJSONTests {
    private func answer(_ json: String, _ body: String) throws -> String? {
        let conversation = try Conversation(#"{"reply": {"json": \#(json)}}"#)
        return conversation.text(body)
    }

    @Test("a template that is the whole string keeps the type of its value; one inside a text does not")
    func types() throws {
        let body = #"{"n": 1.50, "b": true, "s": "\"q\"\n", "o": {"x": []}}"#
        #expect(try answer(#""{{payload.n}}""#, body) == "1.50")
        #expect(
            try answer(#"{"a": ["{{payload.b}}", "{{payload.s}}", "{{payload.o}}", "{{payload.none}}"]}"#, body)
                == #"{"a": [true, "\"q\"\n", {"x": []}, null]}"#)
        #expect(
            try answer(#""n={{payload.n}} s={{payload.s}} none={{payload.none}}""#, body)
                == #""n=1.50 s=\"q\"\n none=""#)
    }

    @Test("without templates the text is as Python's json.dumps spaces it, numbers as they were written")
    func constants() throws {
        for (json, expected) in [
            (#"{"a":[1,2.0,1e400],"b":{}}"#, #"{"a": [1, 2.0, 1e400], "b": {}}"#), (#""{{{{x}}""#, #""{{x}}""#),
            ("null", "null"), ("[]", "[]"), (#""é\u0001\/""#, #""é\u0001/""#),
        ] {
            let compiled = try CompiledJSON(Value.parse(json))
            #expect(compiled.constant.map { String(decoding: $0, as: UTF8.self) } == expected)
        }
    }

    @Test("the names of members are no templates")
    func names() throws { #expect(try answer(#"{"{{call}}": "{{call}}"}"#, "{}") == #"{"{{call}}": 1}"#) }
}
