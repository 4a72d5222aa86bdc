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
        if let space = request.space { condition.query[.space] = Glob(space) }
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

    func holds(_ tally: CallTally) -> Bool {
        tally.count >= atLeast ?? 0 && (inFlight.map { tally.running <= $0 } ?? true)
    }
}

/// Counts the calls that were there, then each change, until the condition holds or its time is over; then looks for the
/// newest calls to tell of. A bounded piece of work a turn.
private final class Wait: ControlSource {
    private static let looks = 512
    private static let told = 100

    private let condition: AwaitedCondition
    private let service: Service
    private let deadline: Int64
    private var tally: CallTally
    /// How many changes in the journal were noted.
    private var seen: Int
    private var answer: Answer?

    /// What was decided, and the calls that are told of so far.
    private struct Answer {
        var status: Int
        var json: [UInt8]
        var search: CallSearch
        var isFirst = true
    }

    init(_ condition: AwaitedCondition, since arrived: Int64, _ service: Service) {
        self.condition = condition
        self.service = service
        deadline = arrived &+ condition.within
        tally = CallTally(condition.query, in: service.keeper.log)
        seen = service.keeper.changeCount
    }

    let watchesJournal = true

    func next(now: Int64) -> NextSteps {
        if answer == nil {
            let isComplete = count()
            guard (isComplete && condition.holds(tally)) || now >= deadline else {
                return .waits(until: isComplete ? deadline : now)
            }
            decide()
        }
        return tell(now: service.instant(at: now))
    }

    /// False when there is more to count.
    private func count() -> Bool {
        var budget = Self.looks
        while budget > 0, let change = service.keeper.change(after: &seen) {
            tally.note(change, in: service.keeper.log)
            budget -= 1
        }
        return tally.proceed(in: service.keeper.log, budget: &budget) && budget > 0
    }

    private func decide() {
        var query = condition.query
        query.limit = min(query.limit ?? Self.told, Self.told)
        var json: [UInt8] = []
        json.append("{\"count\":")
        json.append(decimal: tally.count)
        json.append(",\"inFlight\":")
        json.append(decimal: tally.running)
        json.append(",\"calls\":[")
        answer = Answer(
            status: condition.holds(tally) ? 200 : 408, json: json,
            search: CallSearch(query, in: service.keeper.log))
    }

    private func tell(now: Instant) -> NextSteps {
        guard var answer else { return .waits(until: deadline) }
        self.answer = nil
        var budget = Self.looks
        while true {
            switch answer.search.next(in: service.keeper.log, budget: &budget) {
            case .call:
                if !answer.isFirst { answer.json.append(UInt8(ascii: ",")) }
                answer.isFirst = false
                answer.search.record.appendJSON(to: &answer.json, now: now)
            case .pause:
                self.answer = answer
                return .waits(until: service.loop.now)
            case .end:
                answer.json.append("]}")
                return .steps(ControlTable.steps(answer.json, answer.status))
            }
        }
    }
}
