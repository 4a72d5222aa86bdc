import JSON
import Testing

@Suite("Writing replies") struct ReplyWriterTests {
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
