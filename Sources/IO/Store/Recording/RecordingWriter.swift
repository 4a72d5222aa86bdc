import Recording
import Redaction
import Threading
import Time

// Rules.  A call is in the file before `committed` is told of its key. All that came at once is one transaction. When the
//         file cannot be written any more, the recording stops with one warning, and `committed` is told of every key at
//         once: clients are served on.
// Theory. Secrets are taken out on this thread, which alone touches the file: nothing that was not searched ever lies on
//         the disk, in no page and in no log.

/// Makes a recording: one thread, from its start to its end.
package final class RecordingWriter: @unchecked Sendable {
    package struct Totals: Equatable, Sendable {
        package var calls = 0
        package var frames = 0
        package var bytes = 0
        /// How many places of secrets were replaced.
        package var redacted = 0
    }

    package let path: String
    package let name: String
    private let file: RecordingFile
    private let queue: RecordingQueue
    private let warn: @Sendable (String) -> Void
    private let committed: @Sendable ([Int]) -> Void
    private var thread: BackgroundThread?
    private let lock = Lock()
    private var sums = Totals()
    private var problem: DatabaseError?

    // Only the thread's.
    private var redactor: Redactor?
    private var open: [Int: CallOnItsWay] = [:]

    /// Without a redactor secrets are kept. `committed` is told from the thread.
    package init(
        _ file: RecordingFile, redactor: Redactor?, warn: @escaping @Sendable (String) -> Void,
        committed: @escaping @Sendable ([Int]) -> Void
    ) {
        (path, name, self.file) = (file.path, file.name, file)
        (self.redactor, self.warn, self.committed) = (redactor, warn, committed)
        queue = RecordingQueue()
        let (thread, failure) = BackgroundThread.start { [self] in run() }
        self.thread = thread
        if let failure { stop(DatabaseError(.unwritable, path: path, what: "has no thread to write it: \(failure)")) }
    }

    package func add(_ note: RecordingNote) {
        let addition = failure == nil ? queue.add(note) : .closed
        if addition == .taken { return }
        if addition == .overdue {
            stop(
                DatabaseError(
                    .unwritable, path: path, what: "is written too slowly: calls waited for seconds",
                    hint: "look at the disk"))
        }
        // Nobody waits for a recording that has ended.
        if note.ending != nil { committed([note.key]) }
    }

    /// Whether it should be waited for; it tells `committed`, of no key at all, when it has caught up.
    package var isBehind: Bool { queue.isBehind }

    package var totals: Totals { lock.held { sums } }

    /// Why the recording has stopped, or nil while it goes on.
    package var failure: String? { lock.held { problem?.description } }

    /// Writes what was handed over and closes the file. What was found is told to whoever scans it.
    @discardableResult
    package func end(at moment: Instant) -> KnownSecrets {
        queue.close()
        thread?.join()
        file.end(at: moment)
        return redactor?.known ?? KnownSecrets()
    }

    // MARK: The thread

    private func run() {
        while let notes = queue.take() {
            do throws(DatabaseError) {
                try write(notes)
            } catch {
                stop(error)
                committed(notes.filter { $0.ending != nil }.map(\.key))
            }
        }
    }

    private func stop(_ error: DatabaseError) {
        let isFirst = lock.held {
            defer { problem = problem ?? error }
            return problem == nil
        }
        if isFirst { warn("the recording has stopped, calls are passed on but no longer kept: \(error)") }
        let left = queue.giveUp().filter { $0.ending != nil }.map(\.key)
        if !left.isEmpty { committed(left) }
    }

    private func write(_ notes: [RecordingNote]) throws(DatabaseError) {
        var finished: [FinishedCall] = []
        for note in notes {
            var call = open.removeValue(forKey: note.key) ?? CallOnItsWay(note, &redactor)
            call.add(note.pieces, &redactor)
            if let ending = note.ending {
                finished.append(call.finish(ending, &redactor))
            } else {
                if call.isLarge { try file.putAside(call.takeFrames(), key: note.key) }
                open[note.key] = call
            }
        }
        guard !finished.isEmpty else { return committed([]) }
        try file.commit(finished, redactor?.pseudonyms.takeAdded() ?? [])
        lock.held {
            sums.calls += finished.count
            for call in finished {
                sums.frames += call.frameCount
                sums.bytes += call.size
            }
            sums.redacted = redactor?.pseudonyms.replaced ?? 0
        }
        committed(finished.map(\.key))
    }
}

/// A call that has ended, as it goes into the file.
struct FinishedCall {
    let key: Int
    /// With the frames that were not put aside.
    var call: RecordedCall
    let frameCount: Int
    /// How many bytes the answer had.
    let size: Int
}

/// A call of which not all has come.
private struct CallOnItsWay {
    /// In memory; more goes to the disk.
    private static let most = 262_144

    private let key: Int
    private var call: RecordedCall
    private var stream: StreamRedactor?
    private var frames: [RecordedFrame] = []
    private var bytesHere = 0
    private var frameCount = 0
    /// Of the answer, as it came and as it is kept.
    private var (came, kept) = (0, 0)

    init(_ note: RecordingNote, _ redactor: inout Redactor?) {
        key = note.key
        call = note.began ?? RecordedCall(agent: "", reply: RecordedReply(body: .frames([])))
        guard var working = redactor else { return }
        // Moved, not copied: the redactor knows many secrets.
        redactor = nil
        working.rules.spared = call.session.map { [$0] } ?? []
        call.requestFields = working.redact(call.requestFields)
        call.requestBody = Self.redacted(call.requestBody, &working)
        call.reply.fields = working.redact(call.reply.fields)
        let type = call.reply.fields.value(of: "Content-Type")?.lowercased() ?? ""
        stream = StreamRedactor(isEventStream: type.hasPrefix("text/event-stream"), rules: working.rules)
        redactor = working
    }

    /// A large request is searched piece by piece like an answer.
    private static func redacted(_ body: [UInt8], _ redactor: inout Redactor) -> [UInt8] {
        guard body.count > 1 << 20 else { return redactor.redact(body) }
        var stream = StreamRedactor(isEventStream: false, rules: redactor.rules)
        var kept: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: 65_536) {
            let piece = Array(body[start..<min(start + 65_536, body.count)])
            for done in stream.add(piece, at: 0, &redactor) { kept += done.bytes }
        }
        for done in stream.finish(&redactor) { kept += done.bytes }
        return kept
    }

    var isLarge: Bool { bytesHere > Self.most }

    mutating func add(_ pieces: [RecordedFrame], _ redactor: inout Redactor?) {
        for piece in pieces {
            came += piece.bytes.count
            if piece.message != nil {
                add(message: piece, &redactor)
                continue
            }
            guard var working = redactor else {
                keep(piece)
                continue
            }
            redactor = nil
            for done in stream?.add(piece.bytes, at: Int(piece.at), &working) ?? [] { keep(done) }
            redactor = working
        }
    }

    /// A message is looked through by itself. The code of a close is no text.
    private mutating func add(message piece: RecordedFrame, _ redactor: inout Redactor?) {
        var piece = piece
        if piece.message?.kind != .close, var working = redactor {
            redactor = nil
            let size = piece.bytes.count
            piece.bytes = working.redact(piece.bytes)
            if piece.bytes.count != size { piece.size = size }
            redactor = working
        }
        keep(piece)
    }

    private mutating func keep(_ piece: StreamRedactor.Piece) {
        let isChanged = piece.size != piece.bytes.count
        keep(RecordedFrame(at: Int64(piece.at), bytes: piece.bytes, size: isChanged ? piece.size : nil))
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
        if var working = redactor {
            redactor = nil
            for done in stream?.finish(&working) ?? [] { keep(done) }
            redactor = working
        }
        call.reply.ended = ending.at
        call.outcome = ending.outcome
        if let length = ending.length, kept != came {
            call.reply.fields.remove("Content-Length")
            call.reply.fields.add("Content-Length", decimal: max(0, length + kept - came))
        }
        let isWhole =
            ending.length != nil && frames.count <= 1 && frameCount == frames.count
            && (frames.first?.at ?? call.reply.at) == call.reply.at
        call.reply.body = isWhole ? .whole(frames.first?.bytes ?? []) : .frames(frames)
        return FinishedCall(key: key, call: call, frameCount: isWhole ? 0 : frameCount, size: came)
    }
}
