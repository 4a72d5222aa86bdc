import Bytes
import JSON
import Journal

/// A session's log.
struct LogStream {
    let name: String
    var first: Int64
    var last: Int64

    /// Milliseconds since 1970 of a call's arrival.
    static func time(of call: borrowing CallRecord) -> Int64 { call.arrived.nanoseconds / 1_000_000 }

    func told(in group: LogGroup) -> Value {
        func number(_ number: Int64) -> Value { Value(Int(number)) }
        return [
            "logStreamName": .string(name), "creationTime": number(first), "firstEventTimestamp": number(first),
            "lastEventTimestamp": number(last), "lastIngestionTime": number(last),
            "arn": .string("\(group.arn):log-stream:\(name)"), "storedBytes": 0,
        ]
    }
}

/// The streams of a group, in the order in which they began.
struct StreamSearch: WholeSearch {
    private(set) var streams: [LogStream] = []
    private let group: LogGroup
    private var places: [ByteKey: Int] = [:]
    var walk = JournalWalk()

    init(_ group: LogGroup) { self.group = group }

    mutating func note(_ record: borrowing CallRecord) {
        guard group.holds(record), let session = record.content(.session) else { return }
        let time = LogStream.time(of: record)
        if let place = places[ByteKey(session)] {
            streams[place].last = time
        } else {
            places[ByteKey(session).owned] = streams.count
            streams.append(LogStream(name: LogGroup.stream(of: record), first: time, last: time))
        }
    }
}
