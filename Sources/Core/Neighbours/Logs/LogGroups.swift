import Bytes
import Journal
import JSON
import Library
import Runtime

// Rules.  A group for each agent and endpoint, `/aws/bedrock-agentcore/runtimes/{id}-{endpoint}`: of those that the library
//         names, and those that were called. In it a stream for each session, `[runtime-logs] {session}`, in which each
//         call of the session is an event.
// Theory. The journal is all there is: a group of an agent that nobody called is empty, and a call without a session never
//         came to a machine that could have logged it.

/// The log of one agent at one endpoint, in one space.
struct LogGroup: Equatable {
    let agent: AgentARN
    let endpoint: String
    let space: String

    static let prefix = "/aws/bedrock-agentcore/runtimes/"

    var name: String { "\(Self.prefix)\(agent.id)-\(endpoint)" }
    var arn: String { "arn:\(agent.partition):logs:\(agent.region):\(agent.account):log-group:\(name)" }

    /// Whether the call is an event of it.
    func holds(_ call: borrowing CallRecord) -> Bool {
        guard let ending = call.content(.agent), call.has(.session) else { return false }
        return ending.elementsEqual(agent.text.utf8) && Self.isSame(call.content(.qualifier), endpoint)
            && Self.isSame(call.content(.space), space)
    }

    static func isSame(_ bytes: ArraySlice<UInt8>?, _ text: String) -> Bool { bytes?.elementsEqual(text.utf8) == true }

    static func stream(of call: borrowing CallRecord) -> String { streamPrefix + (call.text(.session) ?? "") }

    private static let streamPrefix = "[runtime-logs] "
}

enum LogGroups {
    /// In the order of their names.
    static func all(in log: borrowing CallLog, _ call: borrowing NeighbourCall) -> [LogGroup] {
        var groups = told(call)
        var last: (agent: ArraySlice<UInt8>, endpoint: ArraySlice<UInt8>)?
        let space = call.world.space
        var budget = Int.max
        log.scan(.all, budget: &budget) { record in
            guard record.has(.session), LogGroup.isSame(record.content(.space), space),
                let agent = record.content(.agent), let endpoint = record.content(.qualifier)
            else { return true }
            // Calls of one agent come in rows.
            if let last, last.agent == agent, last.endpoint == endpoint { return true }
            last = (agent, endpoint)
            guard let arn = AgentARN(String(lossy: agent)) else { return true }
            let group = LogGroup(agent: arn, endpoint: String(lossy: endpoint), space: space)
            if !groups.contains(group) { groups.append(group) }
            return true
        }
        return groups.sorted { $0.name < $1.name }
    }

    private static func told(_ call: borrowing NeighbourCall) -> [LogGroup] {
        var groups: [LogGroup] = []
        for agent in call.world.agents {
            let arn = AgentARN(agent.arn) ?? call.world.arn(ofID: agent.arn, region: call.region)
            guard let arn else { continue }
            for endpoint in agent.endpoints ?? ["DEFAULT"] where endpoint != "*" {
                groups.append(LogGroup(agent: arn, endpoint: endpoint, space: call.world.space))
            }
        }
        return groups
    }

    /// By its name, or by its ARN with or without `:*` behind it.
    static func find(
        _ name: String, in log: borrowing CallLog, _ call: borrowing NeighbourCall
    ) throws(NeighbourError) -> LogGroup {
        if let group = told(call).first(where: { fits($0, name) }) { return group }
        if let group = all(in: log, call).first(where: { fits($0, name) }) { return group }
        throw NeighbourError(
            "ResourceNotFoundException", "The specified log group does not exist.",
            why: "no agent has the log group \(AskedService.shown(name)); DescribeLogGroups names those there are")
    }

    static func contains(_ name: String, _ part: String) -> Bool {
        part.isEmpty || ByteSearch.first(part.utf8.span, in: name.utf8.span, from: 0) != nil
    }

    static func fits(_ group: LogGroup, _ name: String) -> Bool {
        group.name == name || group.arn == name || "\(group.arn):*" == name
    }
}

/// A session's log.
struct LogStream {
    let name: String
    var first: Int64
    var last: Int64

    /// Milliseconds since 1970 of a call's arrival.
    static func time(of call: borrowing CallRecord) -> Int64 { call.arrived.nanoseconds / 1_000_000 }

    /// In the order in which they began.
    static func all(of group: LogGroup, in log: borrowing CallLog) -> [LogStream] {
        var streams: [LogStream] = []
        var places: [ByteKey: Int] = [:]
        var budget = Int.max
        log.scan(.all, budget: &budget) { record in
            guard group.holds(record), let session = record.content(.session) else { return true }
            let time = time(of: record)
            if let place = places[ByteKey(session)] {
                streams[place].last = time
            } else {
                places[ByteKey(session).owned] = streams.count
                streams.append(LogStream(name: LogGroup.stream(of: record), first: time, last: time))
            }
            return true
        }
        return streams
    }

    func told(in group: LogGroup) -> Value {
        func number(_ number: Int64) -> Value { Value(Int(number)) }
        return [
            "logStreamName": .string(name), "creationTime": number(first), "firstEventTimestamp": number(first),
            "lastEventTimestamp": number(last), "lastIngestionTime": number(last),
            "arn": .string("\(group.arn):log-stream:\(name)"), "storedBytes": 0,
        ]
    }
}
