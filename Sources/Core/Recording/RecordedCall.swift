import Delivery
import HTTPWire
import Time

// Rules.  Times of a recorded call count in microseconds from its arrival. What is known of a call's end is its outcome:
//         an answer that was cut is cut again, one that never ended never ends.
// Theory. Who records knows nothing of rules, and who replays knows nothing of upstreams: between them stand only these
//         values. They lie in a library as tables (contract section 8), and in a scenario file under `recorded`.

/// One call of a real session, and what it was answered with.
package struct RecordedCall: Equatable, Sendable {
    /// The name of the recording that it belongs to.
    package var recording: String?
    /// As it was called: its ARN.
    package var agent: String
    package var qualifier = "DEFAULT"
    package var operation = "InvokeAgentRuntime"
    package var session: String?
    package var arrived: Instant?
    package var requestFields = FieldBlock()
    package var requestBody: [UInt8] = []
    package var reply: RecordedReply
    /// How the answer ended: whole, cut, or not at all.
    package var outcome = Report.Outcome.completed

    package init(agent: String, reply: RecordedReply) {
        self.agent = agent
        self.reply = reply
    }
}

/// An answer as it came.
package struct RecordedReply: Equatable, Sendable {
    package enum Body: Equatable, Sendable {
        /// It came with its head, in one piece.
        case whole([UInt8])
        case frames([RecordedFrame])
        /// Frames that stay where they lie.
        case stored(StoredFrames)
    }

    package var status = 200
    /// As they came, with those that say where the answer ends: `Content-Length` tells a cut answer from a whole one.
    package var fields = FieldBlock()
    package var body: Body
    /// When the head came.
    package var at: Int64 = 0
    /// When the answer ended.
    package var ended: Int64 = 0

    package init(body: Body) { self.body = body }

    /// The pieces of the body, each with its time.
    package var frames: [RecordedFrame] {
        switch body {
        case .whole(let bytes): bytes.isEmpty ? [] : [RecordedFrame(at: at, bytes: bytes)]
        case .frames(let frames): frames
        case .stored(let stored): stored.all
        }
    }

    /// Nil for an answer that came in one piece with its head.
    package var pieces: [RecordedFrame]? { if case .whole = body { nil } else { frames } }

    package var byteCount: Int {
        if case .stored(let stored) = body { stored.byteCount } else { frames.reduce(0) { $0 + $1.bytes.count } }
    }
}

/// A piece of an answer: as it was received, and of server-sent events, one event.
package struct RecordedFrame: Equatable, Sendable {
    package var at: Int64
    package var bytes: [UInt8]
    /// How many bytes it had when it came, where a secret in it was replaced.
    package var size: Int?
    /// Of a conversation, whose pieces are messages.
    package var message: RecordedMessage?

    package init(at: Int64, bytes: [UInt8], size: Int? = nil, message: RecordedMessage? = nil) {
        self.at = at
        self.bytes = bytes
        self.size = size
        self.message = message
    }
}

/// What a message of a conversation was. The bytes of a close are its code and its reason, as they were sent.
package struct RecordedMessage: Hashable, Sendable {
    package enum Side: String, Sendable, CaseIterable {
        case client = "in"
        case other = "out"
    }

    package enum Kind: String, Sendable, CaseIterable {
        case text
        case binary
        case close
    }

    package var side: Side
    package var kind: Kind

    package init(from side: Side, _ kind: Kind) { (self.side, self.kind) = (side, kind) }
}

/// When something was recorded, under which name.
package struct RecordedRun: Equatable, Sendable {
    package var name: String
    package var started: Instant?
    package var ended: Instant?

    package init(name: String) { self.name = name }
}

extension RecordedCall {
    /// Both, one behind the other; what stands in the first already is not added again. Equal calls within one of them are
    /// calls that were made several times, and stay.
    package static func joined(_ first: [RecordedCall], _ second: [RecordedCall]) -> [RecordedCall] {
        guard !first.isEmpty, !second.isEmpty else { return first + second }
        let places = Dictionary(grouping: first.indices) { first[$0].mark }
        return first + second.filter { call in !(places[call.mark] ?? []).contains { first[$0] == call } }
    }

    /// What equal calls have in common, for finding them.
    private var mark: Int {
        var hasher = Hasher()
        hasher.combine(recording)
        hasher.combine(session)
        hasher.combine(arrived)
        hasher.combine(requestBody)
        return hasher.finalize()
    }
}
