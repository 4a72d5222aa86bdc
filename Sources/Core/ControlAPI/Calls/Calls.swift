import Bytes
import Delivery
import HTTPWire
import JSON
import Journal
import SSEWire
import Time

extension ControlCalls {
    /// What the journal holds: all that match, from now on, one, none any more.
    static let calls = ControlCalls(
        ControlCall("GET", "calls") { (request, world) throws(ControlRefusal) in
            .steps([head("application/json")], CallList(try query(of: request), request, world.journal))
        },
        ControlCall("DELETE", "calls") { (request, world) throws(ControlRefusal) in
            guard request.request.query == nil else {
                throw ControlRefusal(400, "DELETE forgets all calls: it takes no parameters")
            }
            guard request.space == nil else {
                throw ControlRefusal(400, "the journal belongs to all spaces: forget it by DELETE /_understudy/calls")
            }
            let count = world.journal.log.count
            world.journal.clear(isRestart: false)
            return .json(["deleted": Value(count)])
        },
        ControlCall("GET", "calls/stream") { (request, world) throws(ControlRefusal) in
            // The comment tells the client at once that it listens from now on.
            let greeting = Event(comment: "calls from now on").bytes
            return .steps(
                [head("text/event-stream"), .body(greeting)], LiveCalls(try query(of: request), request, world.journal))
        },
        ControlCall("GET", "calls/{number}") { (request, world) throws(ControlRefusal) in
            guard let number = ASCII.decimal(Array(request.segments[1].utf8)) else {
                throw ControlRefusal(400, "calls have numbers, and \"\(request.segments[1])\" is none")
            }
            guard let call = world.journal.log.record(of: number),
                request.space.map({ $0 == call.text(.space) }) ?? true
            else { throw ControlRefusal(404, "the journal has no call \(number)") }
            var json: [UInt8] = []
            call.appendJSON(to: &json, now: request.now)
            return .bytes(json)
        })

    private static func head(_ contentType: String) -> Step {
        .head(ResponseHead(status: 200, fields: ControlTable.fields(contentType: contentType), length: .unknown))
    }

    private static func query(of request: ControlRequest) throws(ControlRefusal) -> Query {
        guard let parameters = request.parameters else {
            throw ControlRefusal(400, "the query of the URL is not encoded as URLs are")
        }
        do throws(QueryError) {
            var query = try Query(parameters: parameters)
            // Through a space's own address only its calls are seen.
            if let space = request.space { query[.space] = Glob(space) }
            return query
        } catch {
            throw ControlRefusal(400, error.description)
        }
    }
}

/// The calls that were asked for, as they are found: so many are looked at, or so many bytes made, and then others have
/// their turn. However long the journal is, no more of it is held than the client has not taken yet.
private struct CallList: ControlSource {
    private static let looks = 512
    private static let bytes = 65_536

    private let request: ControlRequest
    private let journal: any ControlledJournal
    private var search: CallSearch
    let watchesJournal = false
    private var hasBegun = false
    private var isFirst = true
    private var mayGoOn = true

    init(_ query: Query, _ request: ControlRequest, _ journal: any ControlledJournal) {
        self.request = request
        self.journal = journal
        search = CallSearch(query, in: journal.log)
    }

    mutating func next(now: Int64) -> NextSteps {
        guard mayGoOn else {
            mayGoOn = true
            return .waits(until: now)
        }
        var json: [UInt8] = []
        if !hasBegun { json.append("{\"calls\":[") }
        hasBegun = true
        let isComplete = append(to: &json, now: request.instant(at: now))
        mayGoOn = false
        guard isComplete else { return json.isEmpty ? .waits(until: now) : .steps([.body(json)]) }
        json.append("],\"dropped\":")
        json.append(decimal: journal.log.dropped)
        json.append("}\n")
        return .steps([.body(json), .end])
    }

    /// False when there is more.
    private mutating func append(to json: inout [UInt8], now: Instant) -> Bool {
        var budget = Self.looks
        while json.count < Self.bytes {
            switch search.next(in: journal.log, budget: &budget) {
            case .pause: return false
            case .end: return true
            case .call:
                json.append(isFirst ? "\n" : ",\n" as StaticString)
                isFirst = false
                search.record.appendJSON(to: &json, now: now)
            }
        }
        return false
    }
}

/// An event `arrived` and an event `ended` for every call that matches, each with the call as it is then.
private struct LiveCalls: ControlSource {
    private static let heartbeatInterval: Int64 = 15_000_000_000

    private let query: Query
    private let request: ControlRequest
    private let journal: any ControlledJournal
    let watchesJournal = true
    private var seen: Int
    private var heartbeat: Int64

    init(_ query: Query, _ request: ControlRequest, _ journal: any ControlledJournal) {
        self.query = query
        self.request = request
        self.journal = journal
        seen = journal.changeCount
        heartbeat = request.arrived &+ Self.heartbeatInterval
    }

    mutating func next(now: Int64) -> NextSteps {
        while let change = journal.change(after: &seen) {
            guard let event = event(change, now: request.instant(at: now)) else { continue }
            heartbeat = now &+ Self.heartbeatInterval
            return .steps([.body(event.bytes)])
        }
        guard now >= heartbeat else { return .waits(until: heartbeat) }
        heartbeat = now &+ Self.heartbeatInterval
        return .steps([.body(Event(comment: "still here").bytes)])
    }

    private func event(_ change: CallChange, now: Instant) -> Event? {
        switch change {
        case .arrived(let number): event("arrived", number, now)
        case .ended(let number): event("ended", number, now)
        case .missed(let count): Event(text: Value.object([.init("missed", Value(count))]).json(), event: "missed")
        }
    }

    private func event(_ name: String, _ number: Int, _ now: Instant) -> Event? {
        guard let call = journal.log.record(of: number), query.matches(call) else { return nil }
        var json: [UInt8] = []
        call.appendJSON(to: &json, now: now)
        return Event(data: json, event: name, id: String(number))
    }
}
