import Delivery
import HTTPWire
import Testing

@testable import Recording

@Suite("A recorded answer that stays in its file") struct LongReplayTests {
    private static let id = "recorded-session-0123456789-0123456789"

    /// Frames of which some hold the session's id, whole, in parts, or twice.
    private static let frames: [RecordedFrame] = {
        let text = Array("data: \(id)\n\ndata: a\(id)\(id)b\n\ndata: \(id.dropLast())\n\nrecorded-recorded-\(id)".utf8)
        var frames: [RecordedFrame] = []
        var (start, size) = (0, 1)
        while start < text.count {
            let end = min(start + size, text.count)
            frames.append(RecordedFrame(at: Int64(frames.count * 1_000), bytes: Array(text[start..<end])))
            (start, size) = (end, size % 7 + 1)
        }
        return frames
    }()

    private static func call(_ body: RecordedReply.Body) -> RecordedCall {
        var call = RecordedCall(agent: "a", reply: RecordedReply(body: body))
        call.session = id
        call.reply.ended = Int64(frames.count * 1_000 + 500)
        call.reply.fields.add("Content-Length", decimal: frames.reduce(0) { $0 + $1.bytes.count })
        return call
    }

    private static func stored(window: Int) -> StoredFrames {
        StoredFrames(count: frames.count, byteCount: frames.reduce(0) { $0 + $1.bytes.count }) { mark in
            let start = Int(mark?.row ?? 0)
            let end = min(start + window, frames.count)
            let next = StoredFrames.Mark(position: 0, row: Int64(end))
            return StoredFrames.Window(frames: Array(frames[start..<end]), next: end == frames.count ? nil : next)
        }
    }

    private static func answer(_ body: RecordedReply.Body, session: String) -> ReplayedAnswer {
        ReadyCall(call(body), position: 1, session: 0, longestStall: .microseconds(900)).answer(session: session)
    }

    @Test("leaves frame by frame as one that is in memory would", arguments: [1, 2, 3, 5, 8, 13, 1_000])
    func windows(size: Int) throws {
        for new in [Self.id, "new", "a-new-session-of-rather-more-letters-than-the-recorded-one-had"] {
            let whole = Self.answer(.frames(Self.frames), session: new)
            let stored = Self.stored(window: size)
            let answer = Self.answer(.stored(stored), session: new)
            var long = try #require(answer.long)
            var (frames, mark): ([FrameScript.Frame], StoredFrames.Mark?) = ([], nil)
            for _ in 0..<Self.frames.count {
                let window = try #require(stored.read(after: mark))
                frames += long.take(window)
                mark = window.next
                if mark == nil { break }
            }
            #expect(frames == whole.script.frames)
            #expect(long.head == whole.head && long.end == whole.end && answer.length == whole.length)
        }
    }
}
