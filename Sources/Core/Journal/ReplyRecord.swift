import Delivery
import HTTPWire

/// What the reply to a call was to be.
package struct ReplyRecord: Equatable, Sendable {
    package var status: Int
    package var fields: FieldBlock
    /// How many bytes of the fields the reply itself gave. Those behind are the service's own: they repeat fields of the
    /// request, and nothing else that could be secret.
    package var givenFields = Int.max
    /// Cut at `KeptBody.limit`; empty for a streamed reply, whose body follows from its frames.
    package var body: [UInt8]
    /// How long the body was.
    package var bodyBytes: Int
    package var frames: FrameRun?

    package init(status: Int, fields: FieldBlock, body: [UInt8] = [], frames: FrameRun? = nil) {
        self.status = status
        self.fields = fields
        self.body = KeptBody.cut(body)
        bodyBytes = body.count
        self.frames = frames
    }
}

/// What became of a call on the other side, when it was passed on. Times are nanoseconds after the call arrived.
package struct UpstreamRecord: Equatable, Sendable {
    package var url: String
    package var status: Int?
    package var connected: Int64?
    package var firstByte: Int64?
    package var ended: Int64?
    /// What went wrong there.
    package var error: String?

    package init(url: String) { self.url = url }

    /// The first time counts.
    package mutating func noteConnected(at moment: Int64) { connected = connected ?? moment }
    package mutating func noteEnded(at moment: Int64) { ended = ended ?? moment }
}

/// How much of a body the journal keeps: a body may have 100 MB, a journal of thousands of calls may not. The call
/// tells the true size beside what was kept.
package enum KeptBody {
    package static let limit = 1 << 20

    /// The body, or its start: cut between two characters, so that a text stays a text.
    package static func cut(_ body: [UInt8]) -> [UInt8] {
        guard body.count > limit else { return body }
        var end = limit
        // A character has at most three bytes after its first.
        while end > limit - 3, body[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(body[..<end])
    }
}

/// One frame of a streamed answer: when it was due, when it left, in nanoseconds after the call arrived.
package struct FrameRecord: Equatable, Sendable {
    package var due: Int64
    package var sent: Int64
    package var bytes: Int

    package init(due: Int64, sent: Int64, bytes: Int) {
        self.due = due
        self.sent = sent
        self.bytes = bytes
    }
}

/// What was streamed, worked out from the run that was planned and the lateness that was noted.
extension FrameRun {
    /// What became of the frames that left: the run knows when each was due, the log how late it was.
    package func records(_ log: FrameLog) -> [FrameRecord] {
        // A run may name fewer frames than left when a fault repeats some; none is made up for those.
        // Frames that left together were due within a microsecond of what was noted: none left before its predecessor.
        var latest = Int64.min
        return zip(frameIndices, log.microseconds).map { index, lateness in
            let due = due(index)
            latest = max(latest, due + lateness * 1_000)
            return FrameRecord(due: due, sent: latest, bytes: script.frames[index].size)
        }
    }

    /// The body that the frames that left make, and how long it was in full.
    package func body(_ log: FrameLog) -> (kept: [UInt8], bytes: Int) {
        body(frameIndices.prefix(log.microseconds.count))
    }

    /// The same for the frames that are due by now.
    func body(dueBy offset: Int64) -> (kept: [UInt8], bytes: Int) {
        body(frameIndices.lowerBound..<(frameIndices.first { due($0) > offset } ?? frameIndices.upperBound))
    }

    private func body(_ sent: Range<Int>) -> (kept: [UInt8], bytes: Int) {
        var (kept, bytes): ([UInt8], Int) = ([], 0)
        for frame in script.frames[sent] {
            bytes += frame.size
            if kept.count <= KeptBody.limit { kept.append(contentsOf: frame.bytes) }
        }
        return (KeptBody.cut(kept), bytes)
    }
}
