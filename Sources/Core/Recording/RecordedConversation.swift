import Bytes
import Delivery

// Rules.  What the other side said after the client's n-th message it says after the n-th message now, each as long after it
//         as it was; what it said before the first, after the opening. How it ended comes after the last message.
// Theory. A client is not quicker or slower for being answered from a file: what it says has its own time, so times count
//         from what they follow. What it says differently is told in the journal, and answered all the same.

/// A recorded conversation, ready to be replayed.
package final class RecordedConversation: Sendable {
    package struct Message: Equatable, Sendable {
        package var bytes: [UInt8]
        package var isBinary: Bool
        /// Nanoseconds after what it follows.
        package var gap: Int64
    }

    package struct Answer: Equatable, Sendable {
        package var messages: [Message] = []
        /// How the other side ended the conversation, so long after the last message.
        package var end: End?
    }

    package struct End: Equatable, Sendable {
        package var gap: Int64
        package var step: Step
    }

    /// What the client said.
    package struct Heard: Equatable, Sendable {
        package var bytes: [UInt8]
        package var isBinary: Bool
        /// Nanoseconds after what came before it.
        package var gap: Int64
        /// All of it lay in a secret that its neighbours tell of, so nothing can be compared with it.
        var isHidden: Bool
    }

    private let answers: [Answer]
    private let heard: [Heard]

    /// `old` in what is said becomes `new`: the session's id.
    init(_ call: RecordedCall, replacing old: String?, by new: String?, longestStall: Duration?) {
        let longest = longestStall?.nanoseconds ?? .max
        var (answers, heard): ([Answer], [Heard]) = ([Answer()], [])
        var last = call.reply.at
        func gap(_ moment: Int64) -> Int64 {
            defer { last = max(last, moment) }
            return min(max(0, min(moment, Int64.max / 2_000) - last) * 1_000, longest)
        }
        for frame in call.reply.frames {
            guard let message = frame.message else { continue }
            switch (message.side, message.kind) {
            case (.client, .close): break
            case (.client, let kind):
                heard.append(
                    Heard(
                        bytes: frame.bytes, isBinary: kind == .binary, gap: gap(frame.at),
                        isHidden: frame.size != nil && RedactedPlace.all(in: frame.bytes.span).isEmpty))
                answers.append(Answer())
            case (.other, .close):
                answers[answers.count - 1].end = End(gap: gap(frame.at), step: Self.close(frame.bytes))
            case (.other, let kind):
                var bytes = frame.bytes
                if let old, let new { bytes = Self.replaced(old, by: new, in: bytes) }
                let message = Message(bytes: bytes, isBinary: kind == .binary, gap: gap(frame.at))
                answers[answers.count - 1].messages.append(message)
            }
        }
        if call.outcome == .closed || call.outcome == .reset, answers.last?.end == nil {
            answers[answers.count - 1].end = End(
                gap: gap(call.reply.ended), step: call.outcome == .reset ? .reset : .close)
        }
        (self.answers, self.heard) = (answers, heard)
    }

    private static func close(_ bytes: [UInt8]) -> Step {
        guard bytes.count >= 2 else { return .closeConversation(code: 1_000, reason: "") }
        return .closeConversation(
            code: UInt16(bytes[0]) << 8 | UInt16(bytes[1]), reason: String(lossy: bytes.dropFirst(2)))
    }

    private static func replaced(_ old: String, by new: String, in bytes: [UInt8]) -> [UInt8] {
        let frame = FrameScript.Frame(bytes: bytes, offset: 0, gap: 0)
        return SessionPlaces.replaced(old, by: new, at: SessionPlaces.find(Array(old.utf8), in: bytes), in: [frame])[0]
            .bytes
    }

    /// What is said after the client's message of this number; 0 is the opening.
    package func answer(toMessage number: Int) -> Answer {
        number < answers.count ? answers[number] : Answer()
    }

    /// The client's message of this number, from 1; nil when there is none.
    package func heard(_ number: Int) -> Heard? { number > 0 && number <= heard.count ? heard[number - 1] : nil }

    /// Where the client's message of this number is not what was recorded; nil where it is, in meaning.
    package func difference(_ message: [UInt8], _ number: Int) -> String? {
        guard number <= heard.count else { return "no message \(number) was recorded" }
        let recorded = heard[number - 1]
        if recorded.bytes == message || recorded.isHidden { return nil }
        let (there, here) = (ParsedPayload(recorded.bytes), ParsedPayload(message))
        let form = PayloadForm.recorded(there, volatile: [])
        let mask = Set(form.holes.map(\.place))
        if form.bytes == PayloadForm.request(here, volatile: [], mask: mask).bytes { return nil }
        return "the recorded message \(number) is another one"
    }
}
