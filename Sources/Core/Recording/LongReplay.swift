import Bytes
import Delivery
import JSON

// Rules.  As `ReadyCall.answer`, of an answer that is never in memory whole: what comes in is a window of its frames, what
//         goes out are the frames that can leave.
// Theory. The session's id may lie over the end of a window. The frames from its possible beginning on wait for the next
//         one; what waits is shorter than the id, in however many frames.

/// A recorded answer that is too long for memory, while it is replayed.
package struct LongReplay: Sendable {
    package let stored: StoredFrames
    private let edit: (old: [UInt8], new: [UInt8])?
    private let requestID: (old: Value, new: Value)?
    private var times: ReplayClock
    private let ended: Int64
    private var held: [RecordedFrame] = []

    init(
        _ stored: StoredFrames, _ reply: RecordedReply, longestStall: Duration?, edit: (old: [UInt8], new: [UInt8])?,
        requestID: (old: Value, new: Value)?
    ) {
        (self.stored, self.edit, self.requestID) = (stored, edit, requestID)
        times = ReplayClock(reply, first: nil, longestStall: longestStall)
        ended = reply.ended
    }

    /// When the head is due, in nanoseconds after the call arrived.
    package var head: Int64 { times.head }

    /// When the answer ends, once all frames were taken.
    package var end: Int64 { times.end(ended) }

    /// The frames that leave now, with their moments after the head.
    package mutating func take(_ window: StoredFrames.Window) -> [FrameScript.Frame] {
        var frames = held + window.frames
        held = []
        guard let edit else { return frames.map { ready($0, $0.bytes) } }
        let text = frames.flatMap(\.bytes)
        let places = SessionPlaces.find(edit.old, in: text)
        if window.next != nil {
            let kept = Self.countThatCanLeave(frames, text, places, id: edit.old)
            held = Array(frames[kept...])
            frames.removeSubrange(kept...)
        }
        let scripted = frames.map { ready($0, $0.bytes) }
        let leaving = frames.reduce(0) { $0 + $1.bytes.count }
        return SessionPlaces.edited(
            scripted,
            places.filter { $0 < leaving }.map { AnswerEdit(place: $0, length: edit.old.count, bytes: edit.new) })
    }

    /// Frames before the one in which the id may begin and go on in the next window.
    private static func countThatCanLeave(
        _ frames: [RecordedFrame], _ text: [UInt8], _ places: [Int], id: [UInt8]
    ) -> Int {
        // Whether a short id at the very end is one is told by what follows it.
        var start = text.count
        let from = max(places.last.map { $0 + id.count } ?? 0, text.count - id.count)
        for place in from..<max(from, text.count) where id.starts(with: text[place...]) {
            start = place
            break
        }
        if let last = places.last, last + id.count == text.count { start = last }
        var (count, end) = (frames.count, text.count)
        while count > 0, end > start {
            count -= 1
            end -= frames[count].bytes.count
            // An id that is whole may begin before the frame.
            if let whole = places.last(where: { $0 < end && $0 + id.count > end }) { start = min(start, whole) }
        }
        return count
    }

    private mutating func ready(_ frame: RecordedFrame, _ bytes: [UInt8]) -> FrameScript.Frame {
        let (offset, gap) = times.next(at: frame.at)
        guard let requestID else { return FrameScript.Frame(bytes: bytes, offset: offset, gap: gap) }
        let places = RequestIDs.find(requestID.old, in: bytes, isEventStream: true)
        let edits = places.map {
            AnswerEdit(place: $0.lowerBound, length: $0.count, bytes: requestID.new.compact)
        }
        let scripted = FrameScript.Frame(bytes: bytes, offset: offset, gap: gap)
        return SessionPlaces.edited([scripted], edits)[0]
    }
}
