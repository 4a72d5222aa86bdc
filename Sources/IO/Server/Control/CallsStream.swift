import Delivery
import HTTPWire
import Journal
import JSON
import SSEWire

/// `GET /_understudy/calls/stream`: an event `arrived` and an event `ended` for every call that matches, each with the
/// call as it is then.
enum CallsStream {
    static let get = ControlCall(method: "GET", path: "calls/stream") { (request, service) throws(ControlRefusal) in
        let query = try CallsCalls.query(of: request)
        let head = ResponseHead(
            status: 200, fields: ControlTable.fields(contentType: "text/event-stream"), length: .unknown)
        // The comment tells the client at once that it listens from now on.
        let greeting = Event(comment: "calls from now on").bytes
        return .steps([.head(head), .body(greeting)], LiveCalls(query, service))
    }
}

private final class LiveCalls: ControlSource {
    private let query: Query
    private let service: Service
    let watchesJournal = true
    private var seen: Int
    private var heartbeat: Int64
    private static let heartbeatInterval: Int64 = 15_000_000_000

    init(_ query: Query, _ service: Service) {
        self.query = query
        self.service = service
        seen = service.keeper.changeCount
        heartbeat = service.loop.now &+ Self.heartbeatInterval
    }

    func next(now: Int64) -> NextSteps {
        while let change = service.keeper.change(after: &seen) {
            guard let event = event(change, now: now) else { continue }
            heartbeat = now &+ Self.heartbeatInterval
            return .steps([.body(event.bytes)])
        }
        guard now >= heartbeat else { return .waits(until: heartbeat) }
        heartbeat = now &+ Self.heartbeatInterval
        return .steps([.body(Event(comment: "still here").bytes)])
    }

    private func event(_ change: CallChange, now: Int64) -> Event? {
        switch change {
        case .arrived(let number): event("arrived", number, now)
        case .ended(let number): event("ended", number, now)
        case .missed(let count): Event(text: Value.object([.init("missed", Value(count))]).json(), event: "missed")
        }
    }

    private func event(_ name: String, _ number: Int, _ now: Int64) -> Event? {
        guard let call = service.keeper.log.record(of: number), query.matches(call) else { return nil }
        var json: [UInt8] = []
        call.appendJSON(to: &json, now: service.instant(at: now))
        return Event(data: json, event: name, id: String(number))
    }
}
