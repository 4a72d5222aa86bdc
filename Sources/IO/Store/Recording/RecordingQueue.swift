import Delivery
import Recording
import Threading

/// Notes on their way from the event loop to the writer's thread. Whoever hands over waits while there is no room, for
/// every call belongs in the recording; a disk that stands still for seconds is a failure of the disk.
final class RecordingQueue: @unchecked Sendable {
    private let most: Int
    private let patience: Int
    private let lock = Lock()
    private let work: Lock.Condition
    private let progress: Lock.Condition
    private var notes: [RecordingNote] = []
    private var bytes = 0
    private var isClosing = false
    private var isOpen = true

    init(most: Int = 32 << 20, patience: Int = 10_000_000_000) {
        (self.most, self.patience) = (most, patience)
        work = Lock.Condition(lock)
        progress = Lock.Condition(lock)
    }

    /// Whether more has gathered than should be: whoever can should wait before more comes. Only who cannot meets the end
    /// of the room.
    var isBehind: Bool {
        lock.take()
        defer { lock.release() }
        return bytes > most / 4
    }

    enum Addition {
        case taken
        /// Nothing is written any more.
        case closed
        /// There was no room for too long.
        case overdue
    }

    func add(_ note: RecordingNote) -> Addition {
        lock.take()
        defer { lock.release() }
        while isOpen, bytes > most {
            guard progress.wait(nanoseconds: patience) else { return .overdue }
        }
        guard isOpen, !isClosing else { return .closed }
        notes.append(note)
        bytes += note.byteCount
        if notes.count == 1 { work.wakeOne() }
        return .taken
    }

    /// All that has come since the last time, once there is something; nil when nothing will come any more.
    func take() -> [RecordingNote]? {
        lock.held {
            while notes.isEmpty, !isClosing, isOpen { work.wait() }
            guard isOpen, !notes.isEmpty else { return nil }
            defer { (notes, bytes) = ([], 0) }
            progress.wakeAll()
            return notes
        }
    }

    /// What was handed over is still written.
    func close() {
        lock.held {
            isClosing = true
            work.wakeAll()
        }
    }

    /// Nothing is written any more; answers what was not, so that nobody waits for it.
    func giveUp() -> [RecordingNote] {
        lock.held {
            isOpen = false
            defer { (notes, bytes) = ([], 0) }
            work.wakeAll()
            progress.wakeAll()
            return notes
        }
    }
}

/// What a recording is told of a call, piece by piece, in the order in which it happened.
package struct RecordingNote: Sendable {
    /// Tells the calls that are being made apart.
    package var key: Int
    /// With the first note of a call: the request, and of the answer its head.
    package var began: RecordedCall?
    package var pieces: [RecordedFrame] = []
    /// With the last one.
    package var ending: Ending?

    package struct Ending: Sendable {
        /// Microseconds after the call arrived.
        package var at: Int64
        package var outcome: Report.Outcome
        /// How many bytes the head promised.
        package var length: Int?

        package init(at: Int64, outcome: Report.Outcome, length: Int?) {
            (self.at, self.outcome, self.length) = (at, outcome, length)
        }
    }

    package init(key: Int) { self.key = key }

    /// What it takes in memory, about.
    var byteCount: Int { pieces.reduce(256 + (began?.requestBody.count ?? 0)) { $0 + 64 + $1.bytes.count } }
}
