import Bytes
import Journal
import JSON
import Time

/// Which calls of a group are asked for.
struct LogQuestion {
    var group: LogGroup
    /// Names of streams, or how they begin; nil for all.
    var streams: [String]?
    var streamPrefix: String?
    /// Milliseconds since 1970: from the first on, and before the second.
    var start: Int64?
    var end: Int64?
    var pattern = FilterPattern.everything

    func asks(for call: borrowing CallRecord) -> Bool {
        guard group.holds(call) else { return false }
        let time = LogStream.time(of: call)
        if let start, time < start { return false }
        if let end, time >= end { return false }
        if streams == nil, streamPrefix == nil { return true }
        let stream = LogGroup.stream(of: call)
        return streams?.contains(stream) != false && streamPrefix.map(stream.hasPrefix) != false
    }
}

/// One call as an event.
struct LogEvent {
    let number: Int
    let stream: String
    let time: Int64
    /// When the call ended, as far as it has.
    let ingested: Int64
    let message: String

    init(_ call: borrowing CallRecord) {
        number = call.number
        stream = LogGroup.stream(of: call)
        time = LogStream.time(of: call)
        ingested = time + (call.number(.ended) ?? 0) / 1_000_000
        var text: [UInt8] = []
        call.appendJSON(to: &text)
        message = String(lossy: text)
    }

    /// As the service counts: "plus 26 bytes for each log event".
    var size: Int { message.utf8.count + 26 }

    func told(withStream: Bool) -> Value {
        var members: [Value.Member] = withStream ? [.init("logStreamName", .string(stream))] : []
        members += [
            .init("timestamp", Value(Int(time))), .init("message", .string(message)),
            .init("ingestionTime", Value(Int(ingested))),
        ]
        if withStream { members.append(.init("eventId", .string(Self.id(number)))) }
        return .object(members)
    }

    /// The service's have 56 digits.
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 56 - digits.count)) + digits
    }
}

/// One page of events, and where it ended.
struct LogPage: PieceSearch {
    private(set) var events: [LogEvent] = []
    private let question: LogQuestion
    private let most: Int
    /// How many calls it may still look at.
    private var left: Int
    private var bytes = 0
    private var isFull = false
    private var walk: JournalWalk

    /// "Each page returned can contain up to 1 MB of log events", "might only be partially full, or even empty": so one
    /// page looks at so many calls at most.
    private static let mostBytes = 1_048_576
    private static let mostCalls = 5_000
    /// Of one piece.
    private static let pieceBytes = 65_536

    init(_ question: LogQuestion, _ direction: CallLog.Direction, most: Int, calls: Int? = nil) {
        (self.question, self.most) = (question, most)
        left = calls ?? Self.mostCalls
        walk = JournalWalk(direction)
    }

    /// The call that was looked at last; nil when there is nothing behind it.
    var position: Int? { walk.isOver ? nil : walk.last ?? 0 }

    mutating func go(in log: borrowing CallLog, budget: inout Int) -> Bool {
        var (walk, piece, told) = (walk, min(budget, left), 0)
        (budget, left) = (budget - piece, left - piece)
        walk.go(in: log, budget: &piece) { summary in
            guard told < Self.pieceBytes else { return false }
            guard question.asks(for: summary), let record = log.record(of: summary.number) else { return true }
            let event = LogEvent(record)
            told += event.size
            return !question.pattern.matches(event.message) || take(event)
        }
        self.walk = walk
        // What was not needed, but for the call that is looked at again.
        (budget, left) = (budget + piece, left + piece)
        return walk.isOver || isFull || left == 0
    }

    /// Whether there is room for it.
    private mutating func take(_ event: LogEvent) -> Bool {
        isFull = events.count == most || !events.isEmpty && bytes + event.size > Self.mostBytes
        if isFull { return false }
        bytes += event.size
        events.append(event)
        return true
    }
}

/// The events of one stream, which has to be there.
struct StreamEvents: PieceSearch {
    private(set) var page: LogPage
    private let question: LogQuestion
    private var isThere = false
    private var walk = JournalWalk()

    /// There are tokens in either direction always, so a page looks at all there is.
    init(_ question: LogQuestion, _ direction: CallLog.Direction, most: Int) {
        page = LogPage(question, direction, most: most, calls: .max)
        self.question = LogQuestion(group: question.group, streams: question.streams)
    }

    mutating func go(in log: borrowing CallLog, budget: inout Int) throws(NeighbourError) -> Bool {
        if !isThere { try look(in: log, budget: &budget) }
        return isThere && page.go(in: log, budget: &budget)
    }

    private mutating func look(in log: borrowing CallLog, budget: inout Int) throws(NeighbourError) {
        var walk = walk
        walk.go(in: log, budget: &budget) { record in
            isThere = question.asks(for: record)
            return !isThere
        }
        self.walk = walk
        guard isThere || !walk.isOver else {
            throw NeighbourError("ResourceNotFoundException", "The specified log stream does not exist.")
        }
    }
}
