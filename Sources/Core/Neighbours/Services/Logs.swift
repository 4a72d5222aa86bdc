import Bytes
import JSON
import Journal

/// CloudWatch Logs, over the journal: what does my agent's log say, and how old is it?
extension Neighbour {
    static let logs = Neighbour(
        service: "logs", window: 300, wire: .json(target: "Logs_20140328"),
        operations: [
            Operation("DescribeLogGroups", on: { _ in "log-group::log-stream:" }, groups),
            Operation("DescribeLogStreams", on: named, streams),
            Operation("FilterLogEvents", on: named, filter),
            Operation("GetLogEvents", on: named, events),
        ])

    private static let errorName = "InvalidParameterException"

    @Sendable private static func named(_ input: Value) -> String {
        "log-group:\((input["logGroupName"] ?? input["logGroupIdentifier"])?.text ?? "*"):log-stream:"
    }

    private static func groupName(_ fields: inout InputReader) throws(NeighbourError) -> String {
        let name = try fields.text("logGroupName", length: 1...512)
        let identifier = try fields.text("logGroupIdentifier")
        try fields.finish()
        guard let found = name ?? identifier else {
            throw invalid("LogGroupName or LogGroupIdentifier must be provided")
        }
        guard name == nil || identifier == nil else {
            throw invalid("LogGroupName and LogGroupIdentifier cannot be specified together")
        }
        return found
    }

    private static func invalid(_ message: String) -> NeighbourError { NeighbourError(errorName, message) }

    private static func invalidToken() -> NeighbourError { invalid("The specified nextToken is invalid.") }

    // MARK: Groups and streams

    private static func groups(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, errorName)
        let prefix = try fields.text("logGroupNamePrefix", length: 1...512)
        let pattern = try fields.text("logGroupNamePattern", length: 0...512)
        let identifiers = try fields.texts("logGroupIdentifiers", count: 1...50)
        let kind = try fields.word("logGroupClass", among: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"])
        let most = try fields.integer("limit", 1...50) ?? 50
        let token = try fields.text("nextToken")
        try fields.finish()
        guard prefix == nil || pattern == nil else {
            throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        }
        var search = GroupSearch(call)
        return .inJournal { (log, budget) throws(NeighbourError) in
            guard search.go(in: log, budget: &budget) else { return nil }
            let found = search.groups.filter { group in
                prefix.map(group.name.hasPrefix) != false
                    && pattern.map { contains(group.name.lowercased(), $0.lowercased()) } != false
                    && identifiers.map { $0.contains(where: group.isCalled) } != false
                    && (kind == nil || kind == "STANDARD")
            }
            let page = try Page(
                found.sorted { $0.name < $1.name }, token: token, most: most, scope: "groups", key: { $0.name },
                invalid: invalidToken)
            return told("logGroups", page.items.map(\.told), page.next)
        }
    }

    private static func contains(_ name: String, _ part: String) -> Bool {
        part.isEmpty || ByteSearch.first(part.utf8.span, in: name.utf8.span, from: 0) != nil
    }

    private static func told(_ name: String, _ items: [Value], _ next: String?) -> Value {
        .object([.init(name, .array(items))] + (next.map { [.init("nextToken", .string($0))] } ?? []))
    }

    private static func streams(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, errorName)
        let prefix = try fields.text("logStreamNamePrefix", length: 1...512)
        let order = try fields.word("orderBy", among: ["LogStreamName", "LastEventTime"]) ?? "LogStreamName"
        let isDescending = try fields.bool("descending") ?? false
        let most = try fields.integer("limit", 1...50) ?? 50
        let token = try fields.text("nextToken")
        let name = try groupName(&fields)
        let isByTime = order == "LastEventTime"
        guard prefix == nil || !isByTime else {
            throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        @Sendable func key(_ stream: LogStream) -> String {
            isByTime ? "\(LogEvent.id(Int(stream.last)))\(stream.name)" : stream.name
        }
        return .inGroup(name, call, StreamSearch.init) { (group, search) throws(NeighbourError) -> Value in
            let found = search.streams.filter { prefix.map($0.name.hasPrefix) != false }
                .sorted { isDescending ? key($0) > key($1) : key($0) < key($1) }
            let scope = "streams \(name) \(order)"
            let page = try Page(found, token: token, most: most, scope: scope, key: key, invalid: invalidToken)
            return told("logStreams", page.items.map { $0.told(in: group) }, page.next)
        }
    }

    // MARK: Events

    private static func filter(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, errorName)
        let streams = try fields.texts("logStreamNames", count: 1...100)
        let prefix = try fields.text("logStreamNamePrefix", length: 1...512)
        let start = try fields.integer("startTime", 0...Int.max)
        let end = try fields.integer("endTime", 0...Int.max)
        let pattern = try FilterPattern(try fields.text("filterPattern", length: 0...1_024) ?? "")
        let most = try fields.integer("limit", 1...10_000) ?? 10_000
        let token = try fields.text("nextToken")
        let isFromHead = try fields.bool("startFromHead") ?? true
        let name = try groupName(&fields)
        guard streams == nil || prefix == nil else {
            throw invalid("LogStreamNames and LogStreamNamePrefix cannot be specified together")
        }
        let usual: CallLog.Direction = isFromHead ? .all : .backwards(before: .max)
        guard
            let direction = try token.map({ (token) throws(NeighbourError) in FilterToken.read(token, name) }) ?? usual
        else { throw invalidToken() }
        let before = end.map { Int64(min($0, Int.max - 1)) + 1 }
        return .inGroup(name, call) { group in
            let question = LogQuestion(
                group: group, streams: streams, streamPrefix: prefix, start: start.map(Int64.init), end: before,
                pattern: pattern)
            return LogPage(question, direction, most: most)
        } tell: { _, page in
            let next = page.position.map { FilterToken.text(direction, $0, name) }
            guard case .object(let members) = told("events", page.events.map { $0.told(withStream: true) }, next) else {
                return .null
            }
            return .object(members + [.init("searchedLogStreams", [])])
        }
    }

    private static func events(_ call: borrowing NeighbourCall) throws(NeighbourError) -> NeighbourResult {
        var fields = InputReader(call.input, errorName)
        let stream = try fields.requiredText("logStreamName", length: 1...512)
        let start = try fields.integer("startTime", 0...Int.max)
        let end = try fields.integer("endTime", 0...Int.max)
        let most = try fields.integer("limit", 1...10_000) ?? 10_000
        let token = try fields.text("nextToken")
        let isFromHead = try fields.bool("startFromHead") ?? false
        let name = try groupName(&fields)
        let usual: CallLog.Direction = isFromHead ? .all : .backwards(before: .max)
        guard let direction = token.map({ EventToken.read($0) }) ?? usual else { throw invalidToken() }
        return .inGroup(name, call) { group in
            let question = LogQuestion(
                group: group, streams: [stream], start: start.map(Int64.init), end: end.map(Int64.init))
            return StreamEvents(question, direction, most: most)
        } tell: { _, search in
            let events = search.page.events.sorted { $0.number < $1.number }
            let (before, after) = EventToken.around(events.map(\.number), direction)
            return [
                "events": .array(events.map { $0.told(withStream: false) }),
                "nextForwardToken": .string(EventToken.text(.forwards(after: after))),
                "nextBackwardToken": .string(EventToken.text(.backwards(before: before))),
            ]
        }
    }
}

extension LogGroup {
    fileprivate var told: Value {
        [
            "logGroupName": .string(name), "creationTime": 1_767_225_600_000, "metricFilterCount": 0,
            "arn": .string("\(arn):*"), "storedBytes": 0, "logGroupClass": "STANDARD", "logGroupArn": .string(arn),
        ]
    }
}
