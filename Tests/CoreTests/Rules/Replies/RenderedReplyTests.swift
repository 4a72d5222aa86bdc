@testable import Rules
import Testing

@Suite("Rendered replies") struct RenderedReplyTests {
    @Test("what a rule does not say is left to whoever sends the reply")
    func unsaid() {
        let reply = RenderedReply(body: .serviceError(name: "ThrottlingException", message: nil))
        #expect(reply.status == nil && reply.contentType == nil && reply.headers.isEmpty && reply.delay == 0)
    }
}
