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
            let asked = try AskedCalls(request)
            return .steps([head("application/json")], CallList(asked, request, world.journal))
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
            let asked = try AskedCalls(request, isStream: true)
            return .steps(
                [head("text/event-stream"), .body(greeting)], LiveCalls(asked, request, world.journal))
        },
        ControlCall("GET", "calls/{number}") { (request, world) throws(ControlRefusal) in
            guard let number = ASCII.decimal(Array(request.segments[1].utf8)) else {
                throw ControlRefusal(400, "calls have numbers, and \"\(request.segments[1])\" is none")
            }
            guard let call = world.journal.log.record(of: number),
                request.space.map({ $0 == call.text(.space) }) ?? true
            else { throw ControlRefusal(404, "the journal has no call \(number)") }
            return try told(call, request)
        })

    /// One call: as JSON, as a rule for a scenario, or as a command line.
    private static func told(_ call: CallRecord, _ request: ControlRequest) throws(ControlRefusal) -> ControlAnswer {
        let parameters = request.parameters ?? [("", "")]
        guard parameters.count <= 1, parameters.allSatisfy({ $0.0 == "as" }) else {
            throw ControlRefusal(400, "one call takes no parameter but as=rule or as=curl")
        }
        switch parameters.first?.1 {
        case nil:
            var json: [UInt8] = []
            call.appendJSON(to: &json, now: request.now)
            return .bytes(json)
        case "rule": return .json(CallAsRule.value(of: call))
        case "curl": return .text(CallAsCurl.text(of: call, base: request.request.base))
        default: throw ControlRefusal(400, "as: a call is told as rule or as curl")
        }
    }

    private static func head(_ contentType: String) -> Step {
        .head(ResponseHead(status: 200, fields: ControlTable.fields(contentType: contentType), length: .unknown))
    }
}

/// The calls that were asked for, as they are found: so many are looked at, or so many bytes made, and then others have
/// their turn. However long the journal is, no more of it is held than the client has not taken yet.
private struct CallList: ControlSource {
    private static let looks = 512
    private static let bytes = 65_536

    private let request: ControlRequest
    private let journal: any ControlledJournal
    private let extent: CallRecord.Extent
    private var search: CallSearch
    let watchesJournal = false
    private var hasBegun = false
    private var isFirst = true
    private var mayGoOn = true

    init(_ asked: AskedCalls, _ request: ControlRequest, _ journal: any ControlledJournal) {
        self.request = request
        self.journal = journal
        extent = asked.extent
        search = CallSearch(asked.query, in: journal.log)
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
                search.record.appendJSON(to: &json, now: now, extent)
            }
        }
        return false
    }
}
