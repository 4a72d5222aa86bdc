import Bytes
import Delivery
import HTTPWire
import Journal
import JSON

/// `GET` and `DELETE /_understudy/calls`
enum CallsCalls {
    static let get = ControlCall(method: "GET", path: "calls") { (request, service) throws(ControlRefusal) in
        let list = CallList(service.keeper.log.calls(matching: try query(of: request)), service)
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
            if let space = request.space { query.space = Glob(space) }
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
        guard let call = service.keeper.log.call(number), request.space.map({ $0 == call.space }) ?? true else {
            throw ControlRefusal(404, "the journal has no call \(number)")
        }
        return .json(call.json(now: service.instant(at: request.arrived)))
    }
}

/// The calls that were asked for, a few at a time: a long list neither fills the memory nor keeps the others waiting.
private final class CallList: ControlSource {
    private let calls: [Call]
    private let service: Service
    let watchesJournal = false
    private var index = 0
    private var mayGoOn = true

    init(_ calls: [Call], _ service: Service) {
        self.calls = calls
        self.service = service
    }

    func next(now: Int64) -> NextSteps {
        guard mayGoOn else {
            mayGoOn = true
            return .waits(until: now)
        }
        var bytes: [UInt8] = []
        if index == 0 { bytes.append("{\"calls\":[") }
        let end = min(index + 32, calls.count)
        for call in calls[index..<end] {
            bytes.append(index == 0 ? "\n" : ",\n" as StaticString)
            call.json(now: service.instant(at: now)).append(to: &bytes)
            index += 1
        }
        mayGoOn = false
        guard index == calls.count else { return .steps([.body(bytes)]) }
        bytes.append("],\"dropped\":")
        bytes.append(decimal: service.keeper.log.dropped)
        bytes.append("}\n")
        return .steps([.body(bytes), .end])
    }
}
