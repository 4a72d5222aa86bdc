import Delivery

// Rules.  The client's message leaves as long after what came before it as it did, and never before all that was recorded
//         between has come: then every answer follows the message that it followed. Each of the other side's messages is
//         due so long after what it follows; the error is how late it came.

/// One recorded conversation beside what comes of its replay.
package struct ConversationComparison: Sendable {
    /// What the client does next.
    package enum Turn: Equatable, Sendable {
        /// Not before this moment.
        case says(RecordedConversation.Heard, at: Int64)
        /// At this moment something is due.
        case listens(until: Int64)
        /// The other side never ended it.
        case closes
    }

    private let conversation: RecordedConversation
    private let speed: Double
    private var number = 0
    private var expected: RecordedConversation.Answer
    private var next = 0
    /// When what is awaited is due, or may be said, counted from here. Nanoseconds after the call was sent.
    private var last: Int64
    private var bytesEqual = true
    private var framesEqual = true
    private var errors: [Int64] = []
    private var isOver = false

    /// Between the client's messages, however fast they are replayed: the service takes 250 frames a second.
    private static let least: Int64 = 4_200_000

    /// Nil for a call that opened none.
    package init?(_ answer: ReplayedAnswer, speed: Double) {
        guard let conversation = answer.conversation else { return nil }
        (self.conversation, self.speed) = (conversation, speed)
        expected = conversation.answer(toMessage: 0)
        last = answer.head.divided(by: speed)
    }

    package var turn: Turn {
        if next < expected.messages.count { return .listens(until: due(expected.messages[next].gap)) }
        if let end = expected.end { return .listens(until: due(end.gap)) }
        guard let heard = conversation.heard(number + 1) else { return .closes }
        return .says(heard, at: last.later(by: max(Self.least, heard.gap.divided(by: speed))))
    }

    private func due(_ gap: Int64) -> Int64 { last.later(by: gap.divided(by: speed)) }

    package mutating func opened(status: Int) {
        if status == 101 { return }
        (bytesEqual, framesEqual, isOver) = (false, false, true)
    }

    package mutating func said(at moment: Int64) {
        number += 1
        (expected, next, last) = (conversation.answer(toMessage: number), 0, moment)
    }

    package mutating func received(_ bytes: [UInt8], isBinary: Bool, at moment: Int64) {
        guard next < expected.messages.count else {
            framesEqual = false
            return
        }
        let message = expected.messages[next]
        if message.bytes != bytes || message.isBinary != isBinary { bytesEqual = false }
        let due = due(message.gap)
        errors.append(abs(moment - due))
        (next, last) = (next + 1, due)
    }

    /// By a close, or without one; `byClient` where it was the client who began it.
    package mutating func ended(code: UInt16?, reason: String, isCut: Bool, byClient: Bool) {
        guard !isOver else { return }
        isOver = true
        if next < expected.messages.count { bytesEqual = false }
        guard let end = expected.end else {
            if !byClient { framesEqual = false }
            return
        }
        switch end.step {
        case .closeConversation(let wanted, let words):
            if isCut || (code ?? 1_000) != wanted || reason != words { framesEqual = false }
        default: if !isCut { framesEqual = false }
        }
    }

    package func stream(call: Int) -> StreamFidelity {
        StreamFidelity(
            call: call, bytesEqual: bytesEqual, framesEqual: bytesEqual && framesEqual, errors: errors.sorted())
    }
}
