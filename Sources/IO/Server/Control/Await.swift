import Bytes
import Delivery
import Journal
import JSON
import Time

/// `POST /_understudy/await`: answers when enough matching calls have arrived and few enough are still being answered,
/// or with 408 and what was seen.
enum Await {
    static let post = ControlCall(method: "POST", path: "await") { (request, service) throws(ControlRefusal) in
        .steps([], Wait(try condition(of: request), since: request.arrived, service))
    }

    private static func condition(of request: ControlRequest) throws(ControlRefusal) -> AwaitedCondition {
        var condition = try AwaitedCondition(try request.json())
        // As with the list of calls.
        if let space = request.space { condition.query.space = Glob(space) }
        return condition
    }
}

struct AwaitedCondition {
    var query = Query()
    var atLeast: Int?
    var inFlight: Int?
    /// Nanoseconds.
    var within: Int64 = 5_000_000_000

    init(_ json: Value) throws(ControlRefusal) {
        guard let members = json.members else {
            throw ControlRefusal(400, "the body must be an object like {\"match\":{…},\"atLeast\":3,\"within\":\"5s\"}")
        }
        for member in members {
            switch member.name {
            case "match": query = try Self.query(member.value)
            case "atLeast": atLeast = try Self.count(member)
            case "inFlight": inFlight = try Self.count(member)
            case "within": within = try Self.duration(member)
            default: throw ControlRefusal(400, "\(member.name) is none of match, atLeast, inFlight, within")
            }
        }
        // Without either, one call is what is waited for.
        if atLeast == nil, inFlight == nil { atLeast = 1 }
    }

    private static func query(_ value: Value) throws(ControlRefusal) -> Query {
        do throws(QueryError) { return try Query(match: value) } catch { throw ControlRefusal(400, error.description) }
    }

    private static func count(_ member: Value.Member) throws(ControlRefusal) -> Int {
        guard let number = member.value.integer, number >= 0 else {
            throw ControlRefusal(400, "\(member.name) must be a count, 0 or more")
        }
        return number
    }

    private static func duration(_ member: Value.Member) throws(ControlRefusal) -> Int64 {
        guard let text = member.value.text, let duration = Duration(text: text), duration <= .seconds(3_600) else {
            throw ControlRefusal(400, "\(member.name) must be a duration like \"5s\", at most 1h")
        }
        return duration.nanoseconds
    }

    func holds(_ calls: [Call]) -> Bool {
        calls.count >= atLeast ?? 0 && (inFlight.map { Self.running(calls) <= $0 } ?? true)
    }

    static func running(_ calls: [Call]) -> Int { calls.reduce(0) { $0 + ($1.ending == nil ? 1 : 0) } }
}

private final class Wait: ControlSource {
    private let condition: AwaitedCondition
    private let service: Service
    private let deadline: Int64
    private var lastLook = Int64.min
    private var seen = -1
    /// Looking through a long journal after every single call would take more time than the calls.
    private static let rest: Int64 = 5_000_000

    init(_ condition: AwaitedCondition, since arrived: Int64, _ service: Service) {
        self.condition = condition
        self.service = service
        deadline = arrived &+ condition.within
    }

    let watchesJournal = true

    func next(now: Int64) -> NextSteps {
        let isOver = now >= deadline
        guard isOver || seen != service.keeper.changeCount else { return .waits(until: deadline) }
        if !isOver, seen >= 0, now &- lastLook < Self.rest {
            return .waits(until: min(deadline, lastLook &+ Self.rest))
        }
        (lastLook, seen) = (now, service.keeper.changeCount)
        let calls = service.keeper.log.calls(matching: condition.query)
        let holds = condition.holds(calls)
        guard holds || isOver else { return .waits(until: deadline) }
        return .steps(ControlTable.steps(answer(calls, now).compact, holds ? 200 : 408))
    }

    private func answer(_ calls: [Call], _ now: Int64) -> Value {
        [
            "count": Value(calls.count),
            "inFlight": Value(AwaitedCondition.running(calls)),
            "calls": .array(calls.suffix(100).map { $0.json(now: service.instant(at: now)) }),
        ]
    }
}
