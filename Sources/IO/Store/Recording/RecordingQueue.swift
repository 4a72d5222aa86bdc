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
    var isBehind: Bool { lock.held { bytes > most / 4 } }

    enum Addition {
        case taken
        /// Nothing is written any more.
        case closed
        /// There was no room for too long.
        case overdue
    }

    func add(_ note: RecordingNote) -> Addition {
        lock.held {
            while isOpen, bytes > most {
                guard progress.wait(nanoseconds: patience) else { return .overdue }
            }
            guard isOpen, !isClosing else { return .closed }
            notes.append(note)
            bytes += note.byteCount
            if notes.count == 1 { work.wakeOne() }
            return .taken
        }
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
