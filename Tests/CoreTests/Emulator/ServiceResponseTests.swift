import Delivery
import Emulator
import HTTPWire
import Runtime
import Testing

@Suite("Service response") struct ServiceResponseTests {
    @Test("bytes become a head of known length, the bytes, and the end; nothing becomes no body")
    func bytes() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        let steps = try stage.invoke().steps
        guard case .head(let head) = steps.first else {
            Issue.record("no head: \(steps)")
            return
        }
        #expect(head.length == .known(2))
        #expect(steps.dropFirst() == [.body(Array("ok".utf8)), .end])
        #expect(try Stage(script(#"{"reply": {"text": ""}}"#)).invoke().steps.count == 2)
    }

    @Test("an error carries its type in a header")
    func error() {
        let response = ServiceResponse(
            ErrorAnswer(status: 418, errorType: "TeapotException", message: "short and stout"))
        #expect(response.fields.value(of: "x-amzn-ErrorType") == "TeapotException")
        #expect(response.status == 418)
    }
}
