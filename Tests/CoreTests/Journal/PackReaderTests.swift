import HTTPWire
import Testing
import Time

@testable import Journal

@Suite("Pack reader") struct PackReaderTests {
    private func call(session: String) -> Call {
        var call = Call(
            number: 1, space: "default", arrived: Instant(nanoseconds: 5), request: .none, inFlight: 1)
        call.agent = "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a_agent-ABCDEFGHIJ"
        call.session = session
        return call
    }

    @Test("a summary is read back from its own bytes, from its base, and from a base with something between its ends")
    func summaries() {
        var writer = PackWriter()
        for session in ["the first of them", "the first of them", "the third of them"] {
            writer.begin()
            writer.writeSummary(of: call(session: session))
            let (page, range) = writer.put()
            var reader = PackReader(page, at: range.lowerBound)
            #expect(reader.summary(number: 1) == call(session: session))
        }
    }
}
