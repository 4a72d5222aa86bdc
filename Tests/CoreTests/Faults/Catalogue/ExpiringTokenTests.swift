import Bytes
import Faults
import Runtime
import Testing

@Suite("expiring-token") struct ExpiringTokenTests {
    private func refusal(_ caller: Caller) throws -> RefusingAnswer {
        var book = try Bending.book(#"{"fault": "expiring-token"}"#)
        var strikes = book.decide(Bending.candidate())
        let refusal = strikes.takeRefusal(to: caller)
        return try #require(refusal)
    }

    @Test("dialect 2025: 403 and the text that was observed, without an error type")
    func dialect2025() throws {
        let refusal = try refusal(Caller())
        #expect(refusal.answer.status == 403 && refusal.answer.errorType == nil && !refusal.pointsToMetadata)
        #expect(
            String(lossy: refusal.answer.body)
                == #"{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}"#)
    }

    @Test("dialect 2026: 401 in the JSON-RPC envelope, with the way to the metadata")
    func dialect2026() throws {
        let refusal = try refusal(Caller(dialect: .y2026))
        #expect(refusal.answer.status == 401 && refusal.answer.errorType == nil && refusal.pointsToMetadata)
        #expect(
            String(lossy: refusal.answer.body)
                == #"{"jsonrpc":"2.0","error":{"code":-32001,"message":"Ineffectual token, will expire within the next minute"},"id":"null"}"#
        )
    }

    @Test("an AG-UI caller gets its event in both")
    func agui() throws {
        for (dialect, status, code) in [(Dialect.y2025, 403, "ACCESS_DENIED"), (.y2026, 401, "UNAUTHORIZED")] {
            let answer = try refusal(Caller(protocol: .agui, dialect: dialect)).answer
            #expect(answer.status == status && answer.contentType.description == "text/event-stream")
            #expect(String(lossy: answer.body).hasPrefix(#"data: {"type":"RUN_ERROR","code":"\#(code)""#))
        }
    }

    @Test("it takes no parameters")
    func parameters() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "expiring-token", "status": 401}"#) == [
                #"status: "status" is no parameter of "expiring-token"; it takes none"#
            ])
    }
}
