import Bytes
import Delivery
import HTTPWire
import Journal
import JSON
import Time

/// `GET` and `DELETE /_understudy/calls`
enum CallsCalls {
    static let get = ControlCall(method: "GET", path: "calls") { (request, service) throws(ControlRefusal) in
        let list = CallList(CallSearch(try query(of: request), in: service.keeper.log), service)
        let head = ResponseHead(
            status: 200, fields: ControlTable.fields(contentType: "application/json"), length: .unknown)
        return .steps([.head(head)], list)
    }

    static let delete = ControlCall(method: "DELETE", path: "calls") { (request, service) throws(ControlRefusal) in
        guard request.request.query == nil else {
            throw ControlRefusal(400, "DELETE forgets all calls: it takes no parameters")
        }
        guard request.space == nil else {
            throw ControlRefusal(400, "the journal belongs to all spaces: forget it by DELETE /_understudy/calls")
        }
        let count = service.keeper.log.count
        service.keeper.clear(isRestart: false)
        return .json(["deleted": Value(count)])
    }

    static func query(of request: ControlRequest) throws(ControlRefusal) -> Query {
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

/// `GET /_understudy/calls/{number}`
enum CallByNumber {
    static let get = ControlCall(method: "GET", path: "calls/{number}") { (request, service) throws(ControlRefusal) in
        guard let number = ASCII.decimal(Array(request.segments[1].utf8)) else {
            throw ControlRefusal(400, "calls have numbers, and \"\(request.segments[1])\" is none")
        }
        guard let call = service.keeper.log.record(of: number),
            request.space.map({ $0 == call.text(.space) }) ?? true
        else {
            throw ControlRefusal(404, "the journal has no call \(number)")
        }
        var json: [UInt8] = []
        call.appendJSON(to: &json, now: service.instant(at: request.arrived))
        return .bytes(json, status: 200)
    }
}

/// The calls that were asked for, as they are found: so many are looked at, or so many bytes made, and then others have
/// their turn. However long the journal is, no more of it is held than the client has not taken yet.
private final class CallList: ControlSource {
    private static let looks = 512
    private static let bytes = 65_536

    private var search: CallSearch
    private let service: Service
    let watchesJournal = false
    private var hasBegun = false
    private var isFirst = true
    private var mayGoOn = true

    init(_ search: CallSearch, _ service: Service) {
        self.search = search
        self.service = service
    }

    func next(now: Int64) -> NextSteps {
        guard mayGoOn else {
            mayGoOn = true
            return .waits(until: now)
        }
        var json: [UInt8] = []
        if !hasBegun { json.append("{\"calls\":[") }
        hasBegun = true
        let isComplete = append(to: &json, now: service.instant(at: now))
        mayGoOn = false
        guard isComplete else { return json.isEmpty ? .waits(until: now) : .steps([.body(json)]) }
        json.append("],\"dropped\":")
        json.append(decimal: service.keeper.log.dropped)
        json.append("}\n")
        return .steps([.body(json), .end])
    }

    /// False when there is more.
    private func append(to json: inout [UInt8], now: Instant) -> Bool {
        var budget = Self.looks
        while json.count < Self.bytes {
            switch search.next(in: service.keeper.log, budget: &budget) {
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
