import JSON
import Testing

@testable import Rules

@Suite("Streams in files") struct StreamReplyTests {
    @Test(
        "every field of a stream and its events is checked",
        arguments: [
            ("", "", #""events" is missing"#), (#""events": {}"#, ".events", "expected a list, found an object"),
            (#""events": [], "every": "fast""#, ".every", #""fast" is not a duration"#),
            (#""events": [], "firstAfter": "-1s""#, ".firstAfter", #""-1s" is not a duration"#),
            (#""events": [], "jitter": 1.5"#, ".jitter", "1.5 is not from 0 to 1"),
            (#""events": [], "jitter": -0.1"#, ".jitter", "-0.1 is not from 0 to 1"),
            (#""events": [], "jitter": 1e999"#, ".jitter", "1e999 is not from 0 to 1"),
            (#""events": [], "jitter": "0.2""#, ".jitter", "expected a number from 0 to 1, found a string"),
            (#""events": [{}]"#, ".events[0]", "the event says nothing"),
            (#""events": [{"after": "1s"}]"#, ".events[0]", "the event says nothing"),
            (#""events": ["a"]"#, ".events[0]", "expected an object, found a string"),
            (#""events": [{"data": 1, "text": "a"}]"#, ".events[0].text", "an event has data or text, not both"),
            (#""events": [{"data": {"a": "{{b}}"}}]"#, ".events[0].data.a", "{{b}} is unknown"),
            (#""events": [{"event": "a\nb"}]"#, ".events[0].event", "holds a line end"),
            (#""events": [{"id": "a\u0000"}]"#, ".events[0].id", "holds a line end"),
            (#""events": [{"retry": -1}]"#, ".events[0].retry", "-1 is not a whole number from 0"),
            (#""events": [{"retry": 1.5}]"#, ".events[0].retry", "1.5 is not a whole number from 0"),
            (#""events": [{"data": 1, "after": 100}]"#, ".events[0].after", "expected a string, found a number"),
            (
                #""events": [{"dta": 1, "data": 2}]"#, ".events[0].dta",
                #""dta" is not known here; did you mean "data"?"#
            ),
        ])
    func refused(stream: String, path: String, message: String) {
        Refused(#""rules": [{"reply": {"stream": {\#(stream)}}}]"#, "rules[0].reply.stream\(path)", message).isRefused()
    }

    @Test("null is data like any other")
    func null() throws {
        let rule = try fileHolding(#""rules": [{"reply": {"stream": {"events": [{"data": null}]}}}]"#).rules[0]
        let stream = try #require(rule.reply.kind as? StreamReply)
        #expect(stream.events[0].data == .null && stream.jitter == nil)
    }
}
