import Bytes
import Delivery
import HTTPWire
import JSON
import Journal
import SSEWire
import Time

// Rules.  An event `arrived` and an event `ended` for every call that matches, each with the call as it is then; `missed`
//         where changes came faster than they were taken. With `events=all` also `cleared`, when the journal was.
// Theory. A client that does not read is not asked for: nothing is made before there is room for it, and the journal
//         holds so many changes and no more. Summaries are for people who look on, perhaps all day: so many a period and
//         no more, so that a server under load does not pay for its onlookers; what is left out is to be had as a list.

/// The journal live, as server-sent events.
struct LiveCalls: ControlSource {
    private static let heartbeatInterval: Int64 = 15_000_000_000
    private static let period: Int64 = 20_000_000
    private static let mostInPeriod = 32
    /// An onlooker who is so far behind goes on with the newest.
    private static let farBehind = 2_048

    private let query: Query
    private let extent: CallRecord.Extent
    private let tellsAll: Bool
    private let request: ControlRequest
    private let journal: any ControlledJournal
    let watchesJournal = true
    private var seen: Int
    private var clearings: Int
    private var heartbeat: Int64
    private var periodEnd = Int64.min
    private var left = 0

    init(_ asked: AskedCalls, _ request: ControlRequest, _ journal: any ControlledJournal) {
        (query, extent, tellsAll) = (asked.query, asked.extent, asked.tellsAll)
        self.request = request
        self.journal = journal
        seen = journal.changeCount
        clearings = journal.log.clearings
        heartbeat = request.arrived &+ Self.heartbeatInterval
    }

    mutating func next(now: Int64) -> NextSteps {
        beginPeriod(now)
        var bytes: [UInt8] = []
        if clearings != journal.log.clearings {
            clearings = journal.log.clearings
            if tellsAll { Event(text: "{}", event: "cleared").append(to: &bytes) }
        }
        appendChanges(to: &bytes, now: request.instant(at: now))
        if bytes.isEmpty, now >= heartbeat { bytes = Event(comment: "still here").bytes }
        guard bytes.isEmpty else {
            heartbeat = now &+ Self.heartbeatInterval
            return .steps([.body(bytes)])
        }
        return .waits(until: left > 0 ? heartbeat : min(heartbeat, periodEnd))
    }

    private mutating func beginPeriod(_ now: Int64) {
        guard now >= periodEnd else { return }
        (periodEnd, left) = (now &+ Self.period, extent == .whole ? .max : Self.mostInPeriod)
    }

    /// One event of whole calls, whose bodies may be large; of summaries those that there is room for.
    private mutating func appendChanges(to bytes: inout [UInt8], now: Instant) {
        if extent == .summary, journal.changeCount - seen > Self.farBehind {
            append(.missed(journal.changeCount - seen), to: &bytes, now: now)
            seen = journal.changeCount
        }
        while left > 0, extent == .summary || bytes.isEmpty, let change = journal.change(after: &seen) {
            append(change, to: &bytes, now: now)
            left -= 1
        }
    }

    private func append(_ change: CallChange, to bytes: inout [UInt8], now: Instant) {
        switch change {
        case .arrived(let number): append("arrived", number, to: &bytes, now)
        case .ended(let number): append("ended", number, to: &bytes, now)
        case .missed(let count):
            Event(text: Value.object([.init("missed", Value(count))]).json(), event: "missed").append(to: &bytes)
        }
    }

    private func append(_ name: String, _ number: Int, to bytes: inout [UInt8], _ now: Instant) {
        guard let call = journal.log.record(of: number), query.matches(call) else { return }
        // Whoever only looks on is told once of what was over at once.
        if extent == .summary, name == "arrived", call.outcome != nil { return }
        var json: [UInt8] = []
        call.appendJSON(to: &json, now: now, extent)
        Event(data: json, event: name, id: String(number)).append(to: &bytes)
    }
}
