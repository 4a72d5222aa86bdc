import Delivery
import Threading
import Journal

/// Calls on their way from the event loops to the writer's thread.
///
/// Handing over costs a loop one uncontended lock and no system call: the writer sleeps while there is nothing, and once
/// woken lets calls gather for a few milliseconds, so it is woken at most once in that time. A call that ends while it
/// waits here becomes one row at one go.
///
/// The queue is bounded. When the disk is slower than the calls, whoever hands over waits for room, because every call
/// belongs in the journal; a disk that stands still for seconds is a failure of the disk, and the service goes on.
final class JournalQueue: @unchecked Sendable {
    struct Ending {
        var number: Int
        var report: Report
    }

    struct Batch {
        /// Whether all calls, or those of a space, are to be forgotten before the arrivals are written.
        var clears: [String?] = []
        var arrivals: [WaitingCall] = []
        /// The columns of the arrivals.
        var content: [UInt8] = []
        var endings: [Ending] = []
        var bytes = 0
        /// How many arrivals the writer has done with.
        var writtenArrivals = 0

        var count: Int { clears.count + arrivals.count + endings.count }
    }

    private enum WriterState {
        case idle
        case gathering
        case busy
    }

    static let gatheringTime = 5_000_000
    static let gatheredCount = 1_024

    let maximumBytes: Int
    /// How long a loop waits for room while nothing at all gets written, in nanoseconds.
    let patience: Int
    private let lock = Lock()
    private let work: Lock.Condition
    private let progress: Lock.Condition
    private var batch = Batch()
    private var writer = WriterState.busy
    private var handedOver = 0
    private var written = 0
    private var isFlushing = false
    private var isClosing = false
    private var problem: DatabaseError?

    init(maximumBytes: Int = 32 << 20, patience: Int = 10_000_000_000) {
        self.maximumBytes = maximumBytes
        self.patience = patience
        work = Lock.Condition(lock)
        progress = Lock.Condition(lock)
    }

    // MARK: The loops' side

    /// False when the queue found no room for so long that the journal has to be given up.
    func add(_ call: borrowing Call) -> Bool {
        lock.take()
        defer { lock.release() }
        guard isOpen else { return true }
        guard batch.bytes <= maximumBytes || waitForRoom() else { return false }
        batch.append(call)
        handOver()
        return true
    }

    func add(_ ending: Ending) {
        lock.take()
        defer { lock.release() }
        guard isOpen else { return }
        batch.bytes += 64
        batch.endings.append(ending)
        handOver()
    }

    func clear(space: String?) {
        lock.held {
            guard isOpen else { return }
            handedOver -= batch.count
            batch.arrivals.removeAll { space == nil || $0.space == space }
            if space == nil { batch.endings = [] }
            handedOver += batch.count
            batch.clears.append(space)
            handOver()
        }
    }

    private var isOpen: Bool { problem == nil && !isClosing }

    private func handOver() {
        handedOver += 1
        if writer == .idle || writer == .gathering && batch.count >= Self.gatheredCount { wakeWriter() }
    }

    private func wakeWriter() {
        writer = .busy
        work.wakeOne()
    }

    /// Waits as long as the writer gets on.
    private func waitForRoom() -> Bool {
        wakeWriter()
        while isOpen, batch.bytes > maximumBytes {
            let before = written
            if !progress.wait(nanoseconds: patience), written == before { return batch.bytes <= maximumBytes }
        }
        return true
    }

    // MARK: Waiting

    /// Waits until everything handed over so far is written; false when it failed or took longer than this.
    func flush(nanoseconds: Int) -> Bool {
        lock.held {
            let target = handedOver
            while problem == nil, written < target {
                isFlushing = true
                wakeWriter()
                guard progress.wait(nanoseconds: nanoseconds) else { break }
            }
            return problem == nil && written >= target
        }
    }

    func close() {
        lock.held {
            isClosing = true
            wakeWriter()
        }
    }

    var failure: DatabaseError? { lock.held { problem } }

    // MARK: The writer's side

    /// Exchanges `taken`, which has been written, for what has gathered since; false when nothing will come any more.
    func exchange(_ taken: inout Batch) -> Bool {
        taken.reset()
        return lock.held {
            while batch.count == 0, isOpen {
                isFlushing = false
                writer = .idle
                work.wait()
            }
            if batch.count < Self.gatheredCount, batch.bytes <= maximumBytes, isOpen, !isFlushing {
                writer = .gathering
                work.wait(nanoseconds: Self.gatheringTime)
            }
            (writer, isFlushing) = (.busy, false)
            swap(&batch, &taken)
            if taken.bytes > maximumBytes { progress.wakeAll() }
            return taken.count > 0 && problem == nil
        }
    }

    /// So many of the taken batch are in the file.
    func finished(_ count: Int) {
        lock.held {
            written += count
            progress.wakeAll()
        }
    }

    /// Gives up; true for the first who does.
    func fail(_ error: DatabaseError) -> Bool {
        lock.held {
            guard problem == nil else { return false }
            problem = error
            batch = Batch()
            work.wakeAll()
            progress.wakeAll()
            return true
        }
    }

    /// Whether the writer should try again what another program's lock has kept from it.
    var mayRetry: Bool { lock.held { isOpen } }
}

extension JournalQueue.Batch {
    /// Empties it and keeps its storage for the next calls, unless a burst has made that large.
    fileprivate mutating func reset() {
        let keeps = arrivals.capacity <= 8 * JournalQueue.gatheredCount
        clears.removeAll()
        arrivals.removeAll(keepingCapacity: keeps)
        endings.removeAll(keepingCapacity: keeps)
        content.removeAll(keepingCapacity: content.capacity <= 16 << 20)
        bytes = 0
        writtenArrivals = 0
    }
}
