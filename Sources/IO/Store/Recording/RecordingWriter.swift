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
    /// Which file it is.
    package let identity: DatabaseFile.Identity?
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
        identity = DatabaseFile.Identity(file.path)
        (self.redactor, self.warn, self.committed) = (redactor, warn, committed)
        queue = RecordingQueue()
        let (thread, failure) = BackgroundThread.start { [self] in run() }
        self.thread = thread
        if let failure { stop(DatabaseError(.unwritable, path: path, what: "has no thread to write it: \(failure)")) }
    }

    package func add(_ note: RecordingNote) {
        let addition = hasFailed ? .closed : queue.add(note)
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

    private var hasFailed: Bool {
        lock.take()
        defer { lock.release() }
        return problem != nil
    }

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
        while var notes = queue.take() {
            do throws(DatabaseError) {
                try write(&notes)
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

    private func write(_ notes: inout [RecordingNote]) throws(DatabaseError) {
        var finished: [FinishedCall] = []
        finished.reserveCapacity(notes.count)
        // Moved, not copied: the redactor knows many secrets.
        var redactor: Redactor?
        swap(&redactor, &self.redactor)
        defer { swap(&redactor, &self.redactor) }
        for index in notes.indices {
            let key = notes[index].key
            let begun = notes[index].began == nil ? open.removeValue(forKey: key) : nil
            var call = begun ?? CallOnItsWay(&notes[index], &redactor)
            call.add(notes[index].pieces, &redactor)
            if let ending = notes[index].ending {
                finished.append(call.finish(ending, &redactor))
                for reason in call.withheld {
                    warn("\(path): \(reason) and cannot be looked through: [encoded-…] is kept in its place")
                }
            } else {
                if call.isLarge { try file.putAside(call.takeFrames(), key: key) }
                open[key] = call
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
