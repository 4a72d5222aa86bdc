import Bytes
import Delivery
import Emulator
import HTTPWire
import Journal
import Recording
import Store

// Rules.  What the other side really said is recorded, before any fault has had it, each piece with the moment it came.
//         The last step of an answer is held until all recordings have the call: it is in the file before the last byte
//         leaves. A client that goes early, or a fault that cuts, ends the call as `client-closed` with what came.
// Theory. A small answer is one note to the writer. Of a long one a note goes over with every 64 KiB, so that neither side
//         ever holds it.

/// Records one call that is passed on.
final class CallTap {
    private static let most = 65_536

    let key: Int
    private let writers: [RecordingWriter]
    private var note: RecordingNote
    private var held = 0
    private var length: Int?
    private(set) var isOver = false
    /// Whether the other side should wait.
    var isBehind: Bool { writers.contains(where: \.isBehind) }
    /// How many recordings the call is for.
    var writerCount: Int { writers.count }

    init(key: Int, _ call: borrowing Call, writers: [RecordingWriter]) {
        (self.key, self.writers) = (key, writers)
        note = RecordingNote(key: key)
        var recorded = RecordedCall(agent: call.agent ?? "", reply: RecordedReply(body: .frames([])))
        recorded.qualifier = call.qualifier ?? recorded.qualifier
        recorded.operation = call.operation ?? "\(call.request.methodText) \(call.request.targetText)"
        recorded.session = call.session
        recorded.arrived = call.arrived
        recorded.requestBody = call.request.body
        recorded.requestFields = FieldBlock(of: call.request)
        note.began = recorded
    }

    /// Steps that came at this moment, in nanoseconds after the call arrived.
    func take(_ steps: [Step], at elapsed: Int64) {
        let at = elapsed / 1_000
        for step in steps where !isOver { take(step, at: at) }
    }

    private func take(_ step: Step, at: Int64) {
        switch step {
        case .wait: break
        case .head(let head): take(head, at: at)
        case .body(let bytes): take(bytes, at: at)
        case .frames(let run): for index in run.frameIndices { take(run.script.frames[index].bytes, at: at) }
        case .whole(let head, let body):
            take(head, at: at)
            take(body, at: at)
            end(.completed, at: at)
        case .end: end(.completed, at: at)
        case .close, .closeConversation: end(.closed, at: at)
        case .reset: end(.reset, at: at)
        case .hang: end(.hung, at: at)
        }
    }

    private func take(_ head: ResponseHead, at: Int64) {
        note.began?.reply.status = head.status
        note.began?.reply.at = at
        var fields = head.fields
        if case .known(let length) = head.length {
            self.length = length
            if !fields.has("content-length") { fields.add("Content-Length", decimal: length) }
        }
        note.began?.reply.fields = fields
    }

    private func take(_ bytes: [UInt8], at: Int64) {
        if !bytes.isEmpty { take(RecordedFrame(at: at, bytes: bytes)) }
    }

    // MARK: Conversations

    /// The other side has opened one.
    func open(at elapsed: Int64) {
        note.began?.reply.status = 101
        note.began?.reply.at = elapsed / 1_000
    }

    func take(_ message: [UInt8], isBinary: Bool, from side: RecordedMessage.Side, at elapsed: Int64) {
        take(
            RecordedFrame(
                at: elapsed / 1_000, bytes: message, message: RecordedMessage(from: side, isBinary ? .binary : .text)))
    }

    func takeClose(_ code: UInt16?, _ reason: String, from side: RecordedMessage.Side, at elapsed: Int64) {
        let bytes = code.map { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] + Array(reason.utf8) } ?? []
        take(RecordedFrame(at: elapsed / 1_000, bytes: bytes, message: RecordedMessage(from: side, .close)))
    }

    private func take(_ frame: RecordedFrame) {
        guard !isOver else { return }
        note.pieces.append(frame)
        held += frame.bytes.count
        if held > Self.most { handOver() }
    }

    /// Whatever comes afterwards is nobody's.
    func end(_ outcome: Report.Outcome, at: Int64) {
        guard !isOver else { return }
        isOver = true
        note.ending = RecordingNote.Ending(at: at, outcome: outcome, length: length)
        handOver()
    }

    private func handOver() {
        var done = RecordingNote(key: key)
        swap(&done, &note)
        held = 0
        for writer in writers { writer.add(done) }
    }
}

extension FieldBlock {
    /// Those of a request as they came: taken in one go where each is a name, a colon, a space, a value and a line break,
    /// as nearly all are.
    fileprivate init(of request: Request) {
        if let first = request.fields.first, let last = request.fields.last, Self.isPlain(request) {
            self.init(bytes: Array(request.head[first.name.lowerBound..<last.value.upperBound + 2]))
        } else {
            self.init()
            for field in request.fields { add(name: request.head[field.name], value: request.head[field.value]) }
        }
    }

    private static func isPlain(_ request: Request) -> Bool {
        let head = request.head.span
        var place = request.fields.first?.name.lowerBound ?? 0
        for field in request.fields {
            let (colon, end) = (field.name.upperBound, field.value.upperBound)
            guard field.name.lowerBound == place, field.value.lowerBound == colon + 2, end + 2 <= head.count,
                head[colon + 1] == UInt8(ascii: " "), head[end] == UInt8(ascii: "\r")
            else { return false }
            place = end + 2
        }
        return true
    }
}
