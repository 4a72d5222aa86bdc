import Recording
import Redaction

/// A call of which not all has come.
struct CallOnItsWay {
    /// In memory; more goes to the disk.
    private static let most = 262_144

    private let key: Int
    private var call: RecordedCall
    /// Nil where secrets are kept, or none is there.
    private var redaction: FrameRedactor?
    private var frames: [RecordedFrame] = []
    private var bytesHere = 0
    private var frameCount = 0
    /// Of the answer, as it came and as it is kept.
    private var (came, kept) = (0, 0)
    /// Of the request, as it came.
    private let asked: Int
    /// What was not kept because nobody could look through it.
    private(set) var withheld: [String] = []

    /// Takes what began out of the note.
    init(_ note: inout RecordingNote, _ redactor: inout Redactor?) {
        key = note.key
        call = note.began.take() ?? RecordedCall(agent: "", reply: RecordedReply(body: .frames([])))
        asked = call.requestBody.count
        if let reason = redactor?.redactRequest(of: &call) { withheld.append(reason) }
        let fields = call.reply.fields
        call.reply.fields = redactor?.redact(fields, of: .answer) ?? fields
        let isClean = note.ending != nil && redactor?.isClean(note.pieces) == true
        if !isClean, let rules = redactor?.rules { redaction = FrameRedactor(fields, rules) }
    }

    var isLarge: Bool { bytesHere > Self.most }

    mutating func add(_ pieces: [RecordedFrame], _ redactor: inout Redactor?) {
        for piece in pieces { came += piece.bytes.count }
        guard redaction != nil, var working = redactor else {
            for piece in pieces { keep(piece) }
            return
        }
        // Moved, not copied: the redactor knows many secrets.
        redactor = nil
        for piece in pieces { for done in redaction?.add(piece, &working) ?? [] { keep(done) } }
        redactor = working
    }

    private mutating func keep(_ frame: RecordedFrame) {
        frames.append(frame)
        frameCount += 1
        bytesHere += frame.bytes.count
        kept += frame.bytes.count
    }

    mutating func takeFrames() -> [RecordedFrame] {
        defer { (frames, bytesHere) = ([], 0) }
        return frames
    }

    mutating func finish(_ ending: RecordingNote.Ending, _ redactor: inout Redactor?) -> FinishedCall {
        if redaction != nil, var working = redactor {
            redactor = nil
            for done in redaction?.finish(&working) ?? [] { keep(done) }
            redactor = working
        }
        if redaction?.hasDecoded == true { call.reply.fields.remove("Content-Encoding") }
        if let reason = redaction?.withheld { withheld.append("an answer \(reason)") }
        call.reply.ended = ending.at
        call.outcome = ending.outcome
        if let length = ending.length { call.reply.promise(length, changedBy: kept - came) }
        let isWhole =
            ending.length != nil && frames.count <= 1 && frameCount == frames.count
            && (frames.first?.at ?? call.reply.at) == call.reply.at
        call.reply.body = isWhole ? .whole(frames.first?.bytes ?? []) : .frames(frames)
        return FinishedCall(key: key, call: call, frameCount: isWhole ? 0 : frameCount, size: asked + came)
    }
}

/// A call that has ended, as it goes into the file.
struct FinishedCall {
    let key: Int
    /// With the frames that were not put aside.
    var call: RecordedCall
    let frameCount: Int
    /// How many bytes the bodies of request and answer had.
    let size: Int
}
