import Testing
import Time

@Suite("Open call") struct OpenCallTests {
    @Test("JSON-RPC errors carry the request's id, and null when it has none that may be one")
    func requestID() throws {
        let stage = try Stage(
            script(#"{"reply": {"error": "ConflictException"}}"#, agent: #""arn": "*", "protocol": "A2A""#))
        #expect(try stage.invoke(#"{"jsonrpc":"2.0","id":"req-1"}"#).json?["id"]?.text == "req-1")
        #expect(try stage.invoke(#"{"jsonrpc":"2.0","id":7}"#).json?["id"]?.integer == 7)
        for body in [#"{"id":{}}"#, "{}", "not json", "[]"] {
            #expect(try stage.invoke(body).json?["id"]?.isNull == true)
        }
    }

    @Test("the journal tells what the space's clock said when the call arrived")
    func clock() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        try stage.space().clock.advance(by: .seconds(3_600), real: stage.now)
        stage.now = stage.now + .seconds(1)
        let call = try stage.invoke().call
        #expect(call.arrived == Stage.noon + .seconds(1) && call.clock == Stage.noon + .seconds(3_601))
    }
}
