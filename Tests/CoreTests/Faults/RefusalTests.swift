import JSON
import Runtime
import Testing

@testable import Faults

@Suite("Refusal") struct RefusalTests {
    @Test("a service error has the caller's shape, and no fields of its own")
    func shape() {
        let caller = Caller(protocol: .a2a, requestID: "req-1")
        let refusal = Refusal(.throttling, to: caller)
        #expect(refusal.answer == ErrorAnswer(.throttling, for: .a2a, requestID: "req-1"))
        #expect(refusal.fields == [] && !refusal.pointsToMetadata)
    }
}
