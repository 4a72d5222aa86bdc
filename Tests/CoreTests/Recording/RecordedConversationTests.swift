import Delivery
import Testing

@testable import Recording

@Suite("A recorded conversation") struct RecordedConversationTests {
    private func frame(
        _ at: Int64, _ side: RecordedMessage.Side, _ kind: RecordedMessage.Kind, _ text: String
    ) -> RecordedFrame {
        RecordedFrame(at: at, bytes: Array(text.utf8), message: RecordedMessage(from: side, kind))
    }

    private func conversation(_ frames: [RecordedFrame], _ outcome: Report.Outcome = .completed)
        -> RecordedConversation
    {
        var call = RecordedCall(agent: "a", reply: RecordedReply(body: .frames(frames)))
        call.operation = "InvokeAgentRuntimeWithWebSocketStream"
        (call.reply.at, call.reply.ended, call.outcome) = (1_000, 90_000, outcome)
        return RecordedConversation(
            call, replacing: "old", by: "newer", longestStall: .milliseconds(20))
    }

    @Test(
        "what follows a message follows it again, as long after it, and stalls no longer than they may")
    func answers() {
        let said = conversation([
            frame(3_000, .other, .text, "in old"), frame(10_000, .client, .text, #"{"a": 1}"#),
            frame(12_000, .other, .binary, "b"), frame(80_000, .other, .text, "late"),
            frame(81_000, .client, .text, "2"),
            frame(82_000, .other, .close, "\u{3}\u{68}bye"),
        ])
        #expect(
            said.answer(toMessage: 0).messages
                == [.init(bytes: Array("in newer".utf8), isBinary: false, gap: 2_000_000)])
        #expect(said.answer(toMessage: 1).messages.map(\.gap) == [2_000_000, 20_000_000])
        #expect(said.answer(toMessage: 1).messages.map(\.isBinary) == [true, false])
        #expect(
            said.answer(toMessage: 2)
                == .init(end: .init(gap: 1_000_000, step: .closeConversation(code: 0x368, reason: "bye"))))
        #expect(said.answer(toMessage: 3) == .init())
        #expect(said.difference(Array(#"{"a":1.0}"#.utf8), 1) == nil)
        #expect(said.difference(Array("3".utf8), 2) != nil && said.difference([], 3) != nil)
    }

    @Test("one that was cut is cut after the last thing that was said")
    func cut() {
        let said = conversation(
            [frame(2_000, .client, .text, "1"), frame(85_000, .other, .text, "x")], .closed)
        #expect(said.answer(toMessage: 1).end == .init(gap: 5_000_000, step: .close))
    }
}
