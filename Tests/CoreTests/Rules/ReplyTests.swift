import JSON
import Testing

@testable import Rules

@Suite("Replies in files") struct ReplyTests {
    @Test(
        "every field of a reply is checked",
        arguments: [
            ("", "", "the reply says nothing; write one of json, text, base64, file, stream, echo, error, agentError"),
            (#""json": 1, "text": "a""#, "", "a reply is one of json, text, not several"),
            (#""status": 200"#, "", "the reply says nothing"),
            (#""jsn": {}, "text": """#, ".jsn", #""jsn" is not known here; did you mean "json"?"#),
            (#""text": 1"#, ".text", "expected a string"),
            (#""text": "{{nope}}""#, ".text", "{{nope}} is unknown; there are payload.…"),
            (#""text": "{{payload.a""#, ".text", "a {{ is never closed"),
            (#""json": {"a": [1, {"b c": "{{x}}"}]}"#, #".json.a[1]["b c"]"#, "{{x}} is unknown"),
            (#""base64": "a""#, ".base64", #""a" is not base64"#),
            (#""base64": "YQ""#, ".base64", #""YQ" is not base64"#),
            (#""file": """#, ".file", #""" cannot be the path"#), (#""file": "dir/""#, ".file", #""dir/" cannot be"#),
            (#""echo": false"#, ".echo", "a reply that does not echo"),
            (#""echo": "hi""#, ".echo", "expected true or false"),
            (
                #""error": "ThrotlingException""#, ".error",
                #""ThrotlingException" is no error of the service; did you mean "ThrottlingException"?"#
            ),
            (#""error": 429"#, ".error", "expected an error's name, or an object"),
            (#""error": {"message": "m"}"#, ".error", #""name" is missing"#),
            (#""error": {"name": "ConflictException", "status": 1}"#, ".error.status", #""status" is not known here"#),
            (#""agentError": 200"#, ".agentError", "200 is not a whole number from 400 to 599"),
            (#""agentError": "500""#, ".agentError", "expected a whole number, found a string"),
            (#""agentError": {}"#, ".agentError", #""status" is missing"#),
            (
                #""agentError": {"status": 415, "initialization": "2s"}"#, ".agentError.initialization",
                "only a status of 500 or more counts as a failed initialization; leave it out"
            ),
            (#""agentError": {"status": 1e2}"#, ".agentError.status", "1e2 is not a whole number"),
            (#""echo": true, "status": 99"#, ".status", "99 is not a whole number from 100 to 599"),
            (#""echo": true, "status": 101"#, ".status", "101 announces an answer and is none"),
            (#""echo": true, "delay": "1 s""#, ".delay", #""1 s" is not a duration; durations are written"#),
            (#""echo": true, "delay": 5"#, ".delay", #"expected a string, found a number; write it in quotes: "5""#),
            (
                #""echo": true, "contentType": "a\nb""#, ".contentType",
                "the value of a header field holds no control characters"
            ),
            (#""echo": true, "headers": []"#, ".headers", "expected an object, found an array"),
            (#""echo": true, "headers": {"X Y": "a"}"#, #".headers["X Y"]"#, #""X Y" cannot be the name"#),
            (#""echo": true, "headers": {"X": 1}"#, ".headers.X", "expected a string, found a number"),
            (#""echo": true, "headers": {"X": ["a", 2]}"#, ".headers.X[1]", "expected a string"),
            (
                #""echo": true, "headers": {"content-length": "3"}"#, #".headers["content-length"]"#,
                "the server itself sets content-length"
            ),
            (#""echo": true, "headers": {"X": "{{y}}"}"#, ".headers.X", "{{y}} is unknown"),
            (
                #""echo": true, "contentType": "a/b", "headers": {"Content-Type": "c/d"}"#, ".contentType",
                "the headers name a Content-Type too"
            ),
        ])
    func refused(reply: String, path: String, message: String) {
        Refused(#""rules": [{"reply": {\#(reply)}}]"#, "rules[0].reply\(path)", message).isRefused()
    }

    @Test("errors have a short form and a long one")
    func forms() throws {
        let replies = try fileHolding(
            #"""
            "rules": [{"reply": {"error": "ConflictException"}}, {"reply": {"error": {"name": "ConflictException", "message": "m"}}},
              {"reply": {"agentError": 500}}, {"reply": {"agentError": {"status": 503}}}]
            """#
        ).rules.map(\.reply)
        #expect(
            replies == [
                Reply(.error(name: "ConflictException", message: nil)),
                Reply(.error(name: "ConflictException", message: "m")),
                Reply(.agentError(status: 500)), Reply(.agentError(status: 503)),
            ])
    }

    @Test(
        "a reply is written as it is read",
        arguments: [
            #"{"json":{"a":1.50}}"#,
            #"{"text":"t","status":201,"headers":{"X-A":["1","2"],"X-B":"3"},"contentType":"a/b","delay":"5ms"}"#,
            #"{"base64":"AP8="}"#, #"{"file":"a/b"}"#, #"{"echo":true}"#, #"{"error":"ConflictException"}"#,
            #"{"error":{"name":"ConflictException","message":"m"}}"#, #"{"agentError":500}"#,
            #"{"stream":{"firstAfter":"1s","every":"2ms","jitter":0.2,"events":[{"data":null,"event":"e","id":"1","retry":5,"comment":"c","after":"1m"},{"text":"a\nb"}]}}"#,
        ])
    func kinds(text: String) throws {
        #expect(try fileHolding("\"rules\": [{\"reply\": \(text)}]").rules[0].reply.written.json() == text)
    }
}
