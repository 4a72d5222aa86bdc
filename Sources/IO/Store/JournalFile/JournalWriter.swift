import Glibc
import Journal
import Threading

/// Keeps calls in a SQLite file: one thread, one transaction for all calls of a few milliseconds.
///
/// Numbers must be unique among the calls of a run; each writer begins a run of its own, so a journal goes on where an
/// earlier server left off. When the file can no longer be written, the journal stops with one warning and the service
/// goes on: from then on everything handed over is let go, and `failure` says why.
package final class JournalWriter: Sendable {
    let queue: JournalQueue
    private let thread: JournalThread
    /// How many calls the file keeps; nil for all.
    package let limit: Int?
    private let warn: @Sendable (String) -> Void

    /// Throws when the file is no journal, cannot be written or made: whoever asks for a journal counts on it.
    package convenience init(
        path: String, limit: Int?, warn: @escaping @Sendable (String) -> Void
    ) throws(DatabaseError) {
        try self.init(path: path, limit: limit, queue: JournalQueue(), warn: warn)
    }

    init(
        path: String, limit: Int?, queue: JournalQueue, prepare: (Database) throws(DatabaseError) -> Void = { _ in },
        warn: @escaping @Sendable (String) -> Void
    ) throws(DatabaseError) {
        self.queue = queue
        self.limit = limit
        self.warn = warn
        let file = try JournalFile(path: path, limit: limit)
        try prepare(file.database)
        queue.finished(0, run: file.run)
        thread = JournalThread(file: file, queue: queue, warn: warn)
    }

    deinit { close() }

    /// Something happened to a call. Its arrival has to be told before the first byte of its answer leaves.
    package func append(_ event: borrowing CallEvent) {
        if !queue.add(event) { giveUp() }
    }

    /// A mark was made.
    package func append(_ mark: Mark) {
        if !queue.add(mark) { giveUp() }
    }

    private func giveUp() {
        let error = DatabaseError(
            .unwritable, path: thread.path, what: "is written too slowly: calls waited for seconds",
            hint: "look at the disk, or at who holds the file")
        if queue.fail(error) { warn(Self.warning(error)) }
    }

    /// Forgets the calls of this run.
    package func clear() { queue.clear() }

    /// Waits until all that was handed over so far is in the file, where other programs see it; false if it is not.
    @discardableResult
    package func flush() -> Bool { queue.flush(nanoseconds: 10_000_000_000) }

    /// Writes what is left and closes the file.
    package func close() {
        queue.close()
        thread.join()
    }

    var path: String { thread.path }

    /// Why the journal has stopped, or nil while it goes on.
    package var failure: String? { queue.failure?.description }

    static func warning(_ error: DatabaseError) -> String {
        "the journal has stopped, calls are answered but no longer kept: \(error)"
    }
}

/// The writer's thread. It alone touches the file from its start to its end.
private final class JournalThread: @unchecked Sendable {
    let path: String
    private let file: JournalFile
    private let queue: JournalQueue
    private let warn: @Sendable (String) -> Void
    private var handle = pthread_t()
    private let joining = Lock()
    private var isJoined = false

    init(file: JournalFile, queue: JournalQueue, warn: @escaping @Sendable (String) -> Void) {
        path = file.path
        self.file = file
        self.queue = queue
        self.warn = warn
        start()
    }

    /// With all signals blocked: they are the main thread's business, and SIGXFSZ, which a full quota sends, becomes an
    /// error that SQLite reports.
    private func start() {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        let code = pthread_create(
            &handle, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<JournalThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code != 0 else { return }
        Unmanaged.passUnretained(self).release()
        isJoined = true
        giveUp(
            DatabaseError(
                .unwritable, path: path, what: "has no thread to write it: \(String(cString: strerror(code)))"))
    }

    func join() {
        joining.held {
            guard !isJoined else { return }
            pthread_join(handle, nil)
            isJoined = true
        }
    }

    private func run() {
        var batch = JournalQueue.Batch()
        while queue.exchange(&batch) {
            do throws(DatabaseError) {
                try write(&batch)
            } catch {
                giveUp(error)
                break
            }
        }
        file.close()
    }

    /// In transactions of a size that those who wait for room see it get on. Another program's lock is waited for as
    /// long as there is room for the calls that come meanwhile.
    private func write(_ batch: inout JournalQueue.Batch) throws(DatabaseError) {
        var left = batch.count
        batch.joinLaterEvents()
        while left > 0 {
            do throws(DatabaseError) {
                try file.writeNext(of: &batch)
                let rest = batch.unwritten
                queue.finished(left - rest, run: file.run)
                left = rest
            } catch {
                guard error.kind == .busy, queue.mayRetry else { throw error }
            }
        }
    }

    private func giveUp(_ error: DatabaseError) {
        if queue.fail(error) { warn(JournalWriter.warning(error)) }
    }
}
