import Bytes
import Delivery
import JSON
import Journal
import Time

extension ControlCalls {
    /// Answers when enough matching calls have arrived and few enough are still being answered, or with 408 and what was
    /// seen.
    static let awaiting = ControlCalls(
        ControlCall("POST", "await") { (request, world) throws(ControlRefusal) in
            var condition = try AwaitedCondition(try request.json())
            // As with the list of calls.
            if let space = request.space { condition.query[.space] = Glob(space) }
            return .steps([], AwaitedCalls(condition, request, world.journal))
        })
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
private struct AwaitedCalls: ControlSource {
    private static let looks = 512
    private static let told = 100

    private let condition: AwaitedCondition
    private let request: ControlRequest
    private let journal: any ControlledJournal
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

    init(_ condition: AwaitedCondition, _ request: ControlRequest, _ journal: any ControlledJournal) {
        self.condition = condition
        self.request = request
        self.journal = journal
        deadline = request.arrived &+ condition.within
        tally = CallTally(condition.query, in: journal.log)
        seen = journal.changeCount
    }

    let watchesJournal = true

    mutating func next(now: Int64) -> NextSteps {
        if answer == nil {
            let progress = count()
            if case .failed(let reason) = progress { return .steps(ControlTable.steps(ControlRefusal(500, reason))) }
            guard (progress == .complete && condition.holds(tally)) || now >= deadline else {
                return .waits(until: progress == .more ? now : deadline)
            }
            decide()
        }
        return tell(now)
    }

    private mutating func count() -> CallTally.Progress {
        var budget = Self.looks
        while budget > 0, let change = journal.change(after: &seen) {
            tally.note(change, in: journal.log)
            budget -= 1
        }
        let progress = tally.proceed(in: journal.log, journal.older, budget: &budget)
        return progress == .complete && budget == 0 ? .more : progress
    }

    private mutating func decide() {
        var query = condition.query
        query.limit = min(query.limit ?? Self.told, Self.told)
        var json: [UInt8] = []
        json.append("{\"count\":")
        json.append(decimal: tally.count)
        json.append(",\"inFlight\":")
        json.append(decimal: tally.running)
        json.append(",\"calls\":[")
        answer = Answer(
            status: condition.holds(tally) ? 200 : 408, json: json, search: CallSearch(query, in: journal.log))
    }

    private mutating func tell(_ now: Int64) -> NextSteps {
        guard var answer else { return .waits(until: deadline) }
        self.answer = nil
        var budget = Self.looks
        while true {
            switch answer.search.next(in: journal.log, journal.older, budget: &budget) {
            case .call:
                if !answer.isFirst { answer.json.append(UInt8(ascii: ",")) }
                answer.isFirst = false
                answer.search.record.appendJSON(to: &answer.json, now: request.instant(at: now))
            case .pause:
                self.answer = answer
                return .waits(until: now)
            case .waits:
                self.answer = answer
                return .waits(until: .max)
            case .failed(let reason): return .steps(ControlTable.steps(ControlRefusal(500, reason)))
            case .end:
                answer.json.append("]}")
                return .steps(ControlTable.steps(answer.json, answer.status))
            }
        }
    }
}
