import Delivery
import Threading
import Journal

/// Calls on their way from the event loops to the writer's thread.
///
/// Handing over costs a loop one uncontended lock and no system call: after each writing the writer lets calls gather for a
/// few milliseconds, so it is woken at most once in that time. What comes after a longer pause is written at once. A call
/// that ends while it waits here becomes one row at one go.
///
/// The queue is bounded. When the disk is slower than the calls, whoever hands over waits for room, because every call
/// belongs in the journal; a disk that stands still for seconds is a failure of the disk, and the service goes on.
final class JournalQueue: @unchecked Sendable {
    /// A call that waits for its row, and where in the batch its record lies.
    struct Arrival {
        var number: Int
        var place: Range<Int>
        /// What has happened to it since.
        var later = 0..<0
        var frames: [FrameScript.Frame]
    }

    /// What happened to a call later.
    struct LaterEvent {
        var number: Int
        var place: Range<Int>
    }

    struct Batch {
        /// Whether all calls of this run are to be forgotten before the arrivals are written.
        var clearsRun = false
        var arrivals: [Arrival] = []
        var later: [LaterEvent] = []
        var marks: [Mark] = []
        /// The bytes of all records.
        var content: [UInt8] = []
        var bytes = 0
        /// How many arrivals the writer has done with.
        var writtenArrivals = 0

        var count: Int { (clearsRun ? 1 : 0) + arrivals.count + later.count + marks.count }
        var unwritten: Int { count - writtenArrivals }
    }

    private enum WriterState {
        case idle
        case gathering
        case busy
    }

    static let gatheredCount = 1_024
    /// Nanoseconds.
    let gatheringTime: Int

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
    private var writtenRun: Int64 = 0

    init(maximumBytes: Int = 32 << 20, patience: Int = 10_000_000_000, gatheringTime: Int = 5_000_000) {
        self.gatheringTime = gatheringTime
        self.maximumBytes = maximumBytes
        self.patience = patience
        work = Lock.Condition(lock)
        progress = Lock.Condition(lock)
    }

    // MARK: The loops' side

    /// False when the queue found no room for so long that the journal has to be given up.
    func add(_ event: borrowing CallEvent) -> Bool {
        lock.take()
        defer { lock.release() }
        guard isOpen else { return true }
        guard !event.isArrival || batch.bytes <= maximumBytes || waitForRoom() else { return false }
        batch.append(event)
        noteAdded()
        return true
    }

    /// The same for a mark.
    func add(_ mark: Mark) -> Bool {
        lock.held {
            guard isOpen else { return true }
            guard batch.bytes <= maximumBytes || waitForRoom() else { return false }
            batch.bytes += 512
            batch.marks.append(mark)
            noteAdded()
            return true
        }
    }

    private func noteAdded() {
        handedOver += 1
        wakeWriterIfNeeded()
    }

    /// Forgets the calls of this run.
    func clear() {
        lock.held {
            guard isOpen else { return }
            handedOver -= batch.count
            batch.removeAll()
            batch.clearsRun = true
            handedOver += batch.count
            wakeWriterIfNeeded()
        }
    }

    private var isOpen: Bool { problem == nil && !isClosing }

    private func wakeWriterIfNeeded() {
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
        let hasWritten = taken.count > 0
        taken.removeAll()
        return lock.held {
            if hasWritten, batch.count < Self.gatheredCount, batch.bytes <= maximumBytes, isOpen, !isFlushing {
                writer = .gathering
                work.wait(nanoseconds: gatheringTime)
            }
            while batch.count == 0, isOpen {
                isFlushing = false
                writer = .idle
                work.wait()
            }
            (writer, isFlushing) = (.busy, false)
            swap(&batch, &taken)
            if taken.bytes > maximumBytes { progress.wakeAll() }
            return taken.count > 0 && problem == nil
        }
    }

    /// So many of the taken batch are in the file.
    func finished(_ count: Int, run: Int64 = 0) {
        lock.held {
            written += count
            writtenRun = run
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

    /// The run that was written last.
    var run: Int64 { lock.held { writtenRun } }

    /// Whether the writer should try again what another program's lock has kept from it.
    var mayRetry: Bool { lock.held { isOpen } }
}

extension JournalQueue.Batch {
    mutating func append(_ event: borrowing CallEvent) {
        let place = content.count..<content.count + event.bytes.count
        event.bytes.withUnsafeBufferPointer { content.append(contentsOf: $0) }
        if event.isArrival {
            bytes += 512 + place.count
            arrivals.append(.init(number: event.number, place: place, frames: event.frames))
        } else {
            bytes += 64 + place.count
            later.append(.init(number: event.number, place: place))
        }
    }

    /// Puts what happened later to the arrivals of the same batch on them, and keeps the rest.
    mutating func joinLaterEvents() {
        guard let first = arrivals.first?.number else { return }
        var known: [Int: Int]?
        var others: [JournalQueue.LaterEvent] = []
        for event in later {
            // One loop's numbers follow one another, so the place is known without a search.
            var index = event.number &- first
            if !arrivals.indices.contains(index) || arrivals[index].number != event.number {
                let numbers =
                    known ?? Dictionary(zip(arrivals.map(\.number), arrivals.indices), uniquingKeysWith: { $1 })
                known = numbers
                index = numbers[event.number] ?? -1
            }
            if index >= 0 { join(event.place, to: index) } else { others.append(event) }
        }
        later = others
    }

    /// What happened to a call lies together.
    private mutating func join(_ place: Range<Int>, to index: Int) {
        let before = arrivals[index].later
        guard !before.isEmpty else {
            arrivals[index].later = place
            return
        }
        let start = content.count
        content += content[before] + content[place]
        arrivals[index].later = start..<content.count
    }

    /// Empties it and keeps its storage for the next calls, unless a burst has made that large.
    fileprivate mutating func removeAll() {
        let keeps = arrivals.capacity <= 8 * JournalQueue.gatheredCount
        clearsRun = false
        arrivals.removeAll(keepingCapacity: keeps)
        later.removeAll(keepingCapacity: keeps)
        marks = []
        content.removeAll(keepingCapacity: content.capacity <= 16 << 20)
        bytes = 0
        writtenArrivals = 0
    }
}
