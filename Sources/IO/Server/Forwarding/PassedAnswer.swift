import Delivery
import HTTPWire
import Journal

/// What of an answer was handed to the client, as far as the journal keeps it.
struct PassedAnswer {
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var bodyBytes = 0
    private var frames: [(due: Int64, bytes: Int)] = []
    private(set) var isOver = false
    /// Of more frames than these the journal does not tell.
    private static let mostFrames = 100_000

    /// Returns whether the head was among the steps.
    mutating func note(_ steps: [Step]) -> Bool {
        let hadHead = head != nil
        for step in steps {
            switch step {
            case .head(let found): head = head ?? found
            case .whole(let found, let bytes):
                head = head ?? found
                keep(bytes)
            case .body(let bytes): keep(bytes)
            case .frames(let run):
                for index in run.frameIndices {
                    let bytes = run.script.frames[index].bytes
                    keep(bytes)
                    if frames.count < Self.mostFrames { frames.append((run.due(index), bytes.count)) }
                }
            case .wait, .end, .close, .closeConversation, .reset, .hang: break
            }
            isOver = isOver || step.isLast
        }
        return !hadHead && head != nil
    }

    private mutating func keep(_ bytes: [UInt8]) {
        bodyBytes += bytes.count
        if body.isEmpty, bytes.count <= KeptBody.limit { return body = bytes }
        if body.count <= KeptBody.limit { body += bytes.prefix(KeptBody.limit + 1) }
    }

    /// Puts it into the entry.
    func tell(_ call: inout Call) {
        guard let head else { return }
        var reply = ReplyRecord(status: head.status, fields: head.fields, body: body)
        reply.bodyBytes = bodyBytes
        call.reply = reply
    }

    /// Those of the frames that left; nil where there are none.
    func records(_ log: FrameLog) -> [FrameRecord]? {
        guard !frames.isEmpty else { return nil }
        return zip(frames, log.microseconds).map { frame, lateness in
            FrameRecord(due: frame.due, sent: frame.due + lateness * 1_000, bytes: frame.bytes)
        }
    }
}
