import JSON
import Runtime
import Testing

@testable import Faults

@Suite("Refusing answer") struct RefusingAnswerTests {
    @Test("a service error has the caller's shape, and no fields of its own")
    func shape() {
        let caller = Caller(protocol: .a2a, requestID: "req-1")
        let refusal = RefusingAnswer(.throttling, to: caller)
        #expect(refusal.answer == ErrorAnswer(.throttling, for: .a2a, requestID: "req-1"))
        #expect(refusal.fields == [] && !refusal.pointsToMetadata)
    }
}
