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
            let count = world.journal.count
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
            if let call = world.journal.log.record(of: number) { return try told(call, number, request) }
            guard let older = world.journal.older, let found = OneOlderCall(number, request, world.journal, older)
            else { return try told(nil, number, request) }
            return .steps([], found)
        })

    /// One call: as JSON, as a rule for a scenario, or as a command line.
    fileprivate static func told(
        _ call: CallRecord?, _ number: Int, _ request: ControlRequest
    ) throws(ControlRefusal) -> ControlAnswer {
        guard let call, request.space.map({ $0 == call.text(.space) }) ?? true else {
            throw ControlRefusal(404, "the journal has no call \(number)")
        }
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

/// One call that has to be read first.
private struct OneOlderCall: ControlSource {
    private let number: Int
    private let request: ControlRequest
    private let journal: any ControlledJournal
    private let clearings: Int
    private let page: OlderPage
    let watchesJournal = true

    /// Nil for a call that there never was.
    init?(
        _ number: Int, _ request: ControlRequest, _ journal: any ControlledJournal, _ older: any OlderCalls
    ) {
        guard journal.log.dropped > 0, number > 0, number < journal.log.oldest ?? .max else { return nil }
        (self.number, self.request, self.journal) = (number, request, journal)
        clearings = journal.log.clearings
        page = older.read(.init(query: Query(), numbers: number...number, isBackwards: false, most: 1))
    }

    mutating func next(now: Int64) -> NextSteps {
        do throws(ControlRefusal) {
            switch page.content {
            case nil: return .waits(until: .max)
            case .failed(let reason): throw ControlRefusal(500, reason)
            case .calls(let calls, _):
                let call = clearings == journal.log.clearings ? calls.first : nil
                return .steps(ControlTable.reply(try ControlCalls.told(call, number, request)).steps)
            }
        } catch {
            return .steps(ControlTable.steps(error))
        }
    }
}

/// The calls that were asked for, as they are found: so many are looked at, or so many bytes made, and then others have
/// their turn. However long the journal is, no more of it is held than the client has not taken yet.
private struct CallList: ControlSource {
    private static let looks = 512
    private static let bytes = 16_384

    private let request: ControlRequest
    private let journal: any ControlledJournal
    private let extent: CallRecord.Extent
    private var search: CallSearch
    /// For what has to be read.
    var watchesJournal: Bool { journal.older != nil }
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
        let finding = append(to: &json, now: request.instant(at: now))
        mayGoOn = false
        switch finding {
        case .end: break
        case .waits where json.isEmpty: return .waits(until: .max)
        // Who sees no end knows that there is more.
        case .failed: return .steps([.body(json), .close])
        default: return json.isEmpty ? .waits(until: now) : .steps([.body(json)])
        }
        json.append("],\"dropped\":")
        json.append(decimal: journal.dropped)
        json.append("}\n")
        return .steps([.body(json), .end])
    }

    /// Until there is enough for one piece, or why there is no more now.
    private mutating func append(to json: inout [UInt8], now: Instant) -> CallSearch.Finding {
        var budget = Self.looks
        while json.count < Self.bytes {
            let finding = search.next(in: journal.log, journal.older, budget: &budget)
            guard finding == .call else { return finding }
            json.append(isFirst ? "\n" : ",\n" as StaticString)
            isFirst = false
            search.record.appendJSON(to: &json, now: now, extent)
        }
        return .pause
    }
}
