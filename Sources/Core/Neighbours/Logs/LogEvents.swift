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
struct LogPage {
    private(set) var events: [LogEvent] = []
    /// The call that was looked at last; nil when there is nothing behind it.
    private(set) var position: Int?

    /// "Each page returned can contain up to 1 MB of log events", "might only be partially full, or even empty": so one
    /// page looks at so many calls at most.
    private static let mostBytes = 1_048_576
    private static let mostCalls = 5_000

    init(
        _ question: LogQuestion, in log: borrowing CallLog, _ direction: CallLog.Direction, most: Int, calls: Int? = nil
    ) {
        var budget = calls ?? Self.mostCalls
        var (bytes, last) = (0, 0)
        var events: [LogEvent] = []
        var isFull = false
        let isOver = log.scan(direction, budget: &budget) { summary in
            guard question.asks(for: summary), let record = log.record(of: summary.number) else {
                last = summary.number
                return true
            }
            let event = LogEvent(record)
            guard question.pattern.matches(event.message) else {
                last = summary.number
                return true
            }
            let size = event.message.utf8.count + 26
            isFull = events.count == most || !events.isEmpty && bytes + size > Self.mostBytes
            if isFull { return false }
            bytes += size
            last = summary.number
            events.append(event)
            return true
        }
        self.events = events
        position = isOver && !isFull ? nil : last
    }
}
