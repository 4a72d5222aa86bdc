import ControlAPI
import Delivery
import EventLoop
import Journal
import Store

/// Tells the journal what happens, and those who watch it that something did.
///
/// The entry of a call is in the log before the first byte of its answer leaves, so whoever has seen an answer finds its
/// call. A file, where there is one, is written by a thread of its own; queries see the calls in memory, and those before
/// them in the file.
final class JournalKeeper: Watcher, ControlledJournal {
    private let loop: Loop
    private var id = WatchID.none
    private(set) var log: CallLog
    private(set) var metrics = CallMetrics()
    private(set) var marks = MarkLog()
    private let writer: JournalWriter?
    private var reader: WrittenCallReader?
    /// What happens, one after the other.
    private let event = CallEvent()
    private let noteEnded: (@Sendable (CallRecord) -> Void)?
    private let noteTurn: (@Sendable () -> Void)?
    private let noteWhole: (@Sendable (CallRecord) -> Void)?
    /// Counts the times that the journal began anew: an ending from before belongs to no call any more.
    private(set) var epoch = 0

    private var observers: [Int: () -> Void] = [:]
    private var lastObserver = 0
    private var isTurnAsked = false
    /// The newest changes, while somebody observes.
    private var changes: [CallChange] = []
    /// Changes since somebody began to observe, those no longer held included.
    private(set) var changeCount = 0
    static let heldChanges = 8_192

    /// With a file, memory holds only the newest calls.
    init(loop: Loop, settings: ServingSettings, writer: JournalWriter?) throws(SystemError) {
        self.loop = loop
        self.writer = writer
        noteEnded = settings.noteEnded
        noteTurn = settings.noteTurn
        noteWhole = settings.noteWhole
        let limit = settings.journalLimit
        log = CallLog(limits: CallLog.Limits(calls: writer == nil ? limit : min(limit, settings.heldBesideFile)))
        id = try loop.add(self)
        reader = writer.map { WrittenCallReader($0, mailbox: loop.mailbox) { [unowned self] in askTurn() } }
    }

    /// Returns where the call is counted: what `ended` takes.
    @discardableResult func arrived(_ call: borrowing Call) -> Int32 {
        event.setArrival(of: call)
        keepEvent()
        if !observers.isEmpty { note(.arrived(event.number)) }
        return metrics.arrived(call)
    }

    /// A call whose answer will be told later: what was found in it need not be looked for again then.
    func arrived(flowing call: inout Call) -> Int32 {
        let series = arrived(call)
        call.secretParts = event.secretParts
        return series
    }

    /// The answer of another side has become known, or more of it.
    func answered(_ call: borrowing Call, frames: [FrameRecord]? = nil, epoch: Int) {
        guard epoch == self.epoch else { return }
        event.setAnswer(of: call, frames: frames)
        keepEvent()
    }

    func ended(_ number: Int, _ report: Report, epoch: Int, series: Int32 = -1) {
        guard epoch == self.epoch else { return }
        event.setEnding(of: number, report)
        noteEnding(of: number, report, series)
    }

    /// The same for an answer that came piece by piece.
    func ended(_ call: borrowing Call, frames: [FrameRecord]?, _ report: Report, epoch: Int, series: Int32) {
        guard epoch == self.epoch else { return }
        event.setEnding(of: call, frames: frames, report)
        noteEnding(of: call.number, report, series)
    }

    private func noteEnding(of number: Int, _ report: Report, _ series: Int32) {
        metrics.ended(series, report)
        keepEvent()
        if !observers.isEmpty { note(.ended(number)) }
        if let noteWhole, let call = log.record(of: number) { noteWhole(call) }
        if let noteEnded, let call = log.summary(of: number) {
            noteEnded(call)
            askTurn()
        }
    }

    /// So much was said in a conversation that goes on: for those who ask now. A file is told at the end.
    func said(in number: Int, _ messages: MessageLog, epoch: Int) {
        guard epoch == self.epoch else { return }
        event.setMessages(of: number, messages)
        log.append(event)
    }

    /// Pieces of traces are kept with the calls of their traces, of all spaces or of one: as far as those are among the
    /// newest calls.
    func join(_ segments: [TraceSegment], in space: String?) {
        guard !segments.isEmpty else { return }
        var found: [(number: Int, document: [UInt8])] = []
        var budget = 10_000
        log.scan(.backwards(before: .max), budget: &budget) { call in
            guard let trace = call.content(.trace), call.has(.agent),
                space.map({ call.content(.space)?.elementsEqual($0.utf8) == true }) != false
            else { return true }
            found += segments.filter { $0.isOf(trace) }.map { (call.number, $0.document) }
            return true
        }
        for (number, document) in found {
            let known = log.record(of: number)
            guard let list = TraceSegment.list(adding: document, to: known?.content(.segments)) else { continue }
            event.setSegments(of: number, list)
            keepEvent()
        }
    }

    private func keepEvent() {
        writer?.append(event)
        log.append(event)
    }

    func add(_ mark: Mark) {
        writer?.append(mark)
        marks.append(mark)
    }

    /// Forgets all calls. With `isRestart`, numbers begin again, and what still runs is nobody's call.
    func clear(isRestart: Bool) {
        if isRestart {
            epoch += 1
            metrics = CallMetrics()
        }
        log.removeAll()
        marks.removeAll()
        writer?.clear()
        if !observers.isEmpty { askTurn() }
    }

    var older: (any OlderCalls)? { reader }

    /// Once its file has failed, memory is what can be counted on.
    var dropped: Int {
        guard let writer, writer.failure == nil else { return log.dropped }
        return writer.limit.map { max(0, log.dropped + log.count - $0) } ?? 0
    }

    /// Why the file is no longer written, or nil.
    var failure: String? { writer?.failure }

    func close() {
        reader?.close()
        writer?.close()
    }

    // MARK: Watching

    /// Calls `notice` after every turn of the loop in which something changed. Returns what `forget` takes.
    func observe(_ notice: @escaping () -> Void) -> Int {
        lastObserver += 1
        observers[lastObserver] = notice
        return lastObserver
    }

    func forget(_ observer: Int) {
        observers[observer] = nil
        if observers.isEmpty { changes = [] }
    }

    var observerCount: Int { observers.count }

    /// What happened next for somebody who has seen `seen` changes.
    func change(after seen: inout Int) -> CallChange? {
        guard seen < changeCount else { return nil }
        let oldest = changeCount - changes.count
        if seen < oldest {
            defer { seen = oldest }
            return .missed(oldest - seen)
        }
        seen += 1
        return changes[seen - 1 - oldest]
    }

    private func note(_ change: CallChange) {
        // Half of them at once: taking one from the front each time would move all others.
        if changes.count == Self.heldChanges { changes.removeFirst(Self.heldChanges / 2) }
        changes.append(change)
        changeCount += 1
        askTurn()
    }

    private func askTurn() {
        guard !isTurnAsked else { return }
        isTurnAsked = true
        loop.takeTurnLater(id)
    }

    func takeTurn() {
        isTurnAsked = false
        for notice in observers.values { notice() }
        noteTurn?()
    }
}
