import Bytes
import Faults
import JSON
import Runtime
import Testing

@Suite("error") struct ErrorTests {
    private func refusal(_ fault: String, to caller: Caller = Caller()) throws -> RefusingAnswer {
        var book = try Bending.book(fault)
        var strikes = book.decide(Bending.candidate())
        let refusal = strikes.takeRefusal(to: caller)
        #expect(strikes.entries.map(\.text) == ["error"])
        return try #require(refusal)
    }

    @Test("a service error by its name, in the agent's protocol")
    func named() throws {
        let http = try refusal(#"{"fault": "error", "error": "ServiceUnavailableException"}"#)
        #expect(http.answer == ErrorAnswer(.serviceUnavailable, for: .http))
        let caller = Caller(protocol: .mcp, requestID: 7)
        let mcp = try refusal(#"{"fault": "error", "error": "ThrottlingException", "message": "slow"}"#, to: caller)
        #expect(mcp.answer == ErrorAnswer(.throttling, message: "slow", for: .mcp, requestID: 7))
        #expect(mcp.answer.status == 200)
    }

    @Test(
        "a status finds its error; one that no error has stands alone; one beside a name is obeyed",
        arguments: [
            (#""status": 503"#, 503, "ServiceUnavailableException", "The service is temporarily unavailable"),
            (#""status": 504"#, 504, nil, "Gateway Timeout"),
            (#""status": 418"#, 418, nil, "status 418"),
            (#""status": 502, "message": "no way""#, 502, nil, "no way"),
            (
                #""error": "ThrottlingException", "status": 503"#, 503, "ThrottlingException",
                "Too many requests - the request rate limit was exceeded"
            ),
        ])
    func statuses(parameters: String, status: Int, type: String?, message: String) throws {
        let answer = try refusal(#"{"fault": "error", \#(parameters)}"#).answer
        #expect(answer.status == status && answer.errorType == type)
        #expect(answer.body == Value.object([.init("message", .string(message))]).compact)
    }

    @Test("headers, and how long to wait in both fields: whole seconds, rounded up, and milliseconds")
    func fields() throws {
        let refusal = try refusal(
            #"{"fault": "error", "status": 429, "headers": {"X-One": "1", "X-Two": "2"}, "retryAfter": "1.5s"}"#)
        #expect(
            refusal.fields.map { "\($0.name): \($0.value)" } == [
                "X-One: 1", "X-Two: 2", "Retry-After: 2", "x-amz-retry-after: 1500",
            ])
        #expect(
            try self.refusal(#"{"fault": "error", "status": 429, "retryAfter": 7}"#).fields.map(\.value) == [
                "7", "7000",
            ])
    }

    @Test(
        "what it cannot take",
        arguments: [
            ("", #""error" or "status" is missing; write "error": "ThrottlingException", or "status": 503"#),
            (
                #", "error": "ThrotlingException""#,
                #"error: "ThrotlingException" is no error of the service; did you mean "ThrottlingException"?"#
            ),
            (#", "status": 200"#, "status: 200 is not a whole number from 400 to 599"),
            (#", "status": "503""#, "status: expected a whole number, found a string"),
            (
                #", "status": 503, "mesage": "x""#,
                #"mesage: "mesage" is no parameter of "error"; did you mean "message"?"#
            ),
            (
                #", "status": 503, "message": 5"#,
                #"message: expected a string, found a number; write it in quotes: "5""#
            ),
            (#", "status": 503, "headers": {"a b": "1"}"#, #"headers: "a b" is no header field with a text"#),
            (#", "status": 503, "headers": {"a": 1}"#, #"headers: "a" is no header field with a text"#),
            (
                #", "status": 503, "headers": {"content-length": "1"}"#,
                #"headers: "content-length" is set by the server itself"#
            ),
            (#", "status": 503, "headers": {"a": "1\r\nb: 2"}"#, #"headers: "a" has control characters"#),
            (#", "status": 503, "headers": []"#, "headers: expected an object of texts"),
            (
                #", "status": 403, "retryAfter": 1"#,
                "retryAfter: a refusal of access carries none: some clients retry whatever does; leave it out, or write it "
                    + "into \"headers\" if that is what is to be tried"
            ),
            (#", "status": 503, "retryAfter": -1"#, "retryAfter: -1 is not a whole number from 0 to 31536000"),
            (
                #", "status": 503, "retryAfter": "soon""#,
                #"retryAfter: "soon" is not a duration; durations are written "250ms", "1.5s", "15m", "8h""#
            ),
        ])
    func refused(parameters: String, mistake: String) throws {
        #expect(try Bending.mistakes(#"{"fault": "error"\#(parameters)}"#) == [mistake])
    }
}
