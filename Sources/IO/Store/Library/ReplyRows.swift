import JSON
import Fields
import Rules

extension Database {
    /// The replies by their rule; nil for one that says nothing that can be understood, which is noted.
    func readReplies(_ mistakes: MistakeList) throws(DatabaseError) -> [Int64: Reply?] {
        var frames = try readFrames(mistakes)
        var replies: [Int64: Reply?] = [:]
        try eachRow(
            of: "replies",
            """
            SELECT rule, kind, json, text, bytes, file, error, message, agent_status, status, headers, content_type,
              delay, first_after, every, jitter, agent_initialization
            FROM replies
            """, mistakes
        ) { row in
            let events = frames.removeValue(forKey: row.id) ?? []
            guard var reply = row.replyKind(events).map({ Reply($0) }) else {
                return replies[row.id] = .some(nil)
            }
            reply.status = row.integer(9)
            reply.headers = row.headerLines(10)
            reply.contentType = row.text(11)
            reply.delay = row.duration(12)
            replies[row.id] = reply
        }
        mistakes.noteOrphans(frames.keys, table: "frames", column: "rule", of: "replies")
        return replies
    }

    private func readFrames(_ mistakes: MistakeList) throws(DatabaseError) -> [Int64: [Stream.Event]] {
        let frames = try rows(
            of: "frames", owner: "rule", "data, text, event, event_id, retry, comment, after", mistakes
        ) { row -> (Int, Stream.Event)? in
            var event = Stream.Event()
            event.data = row.json(3)
            event.text = row.text(4)
            event.event = row.text(5)
            event.id = row.text(6)
            event.retry = row.integer(7)
            event.comment = row.text(8)
            event.after = row.duration(9)
            return row.integer(1).map { ($0, event) }
        }
        return Dictionary(grouping: frames) { Int64($0.0) }.mapValues { $0.map(\.1) }
    }

    func writeReply(_ reply: Reply, ofRule rule: Int64) throws(DatabaseError) {
        let columns = ReplyColumns(reply.kind)
        let insert = try statement(
            """
            INSERT INTO replies (rule, kind, json, text, bytes, file, error, message, agent_status, status, headers,
              content_type, delay, first_after, every, jitter, agent_initialization)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        try insert.run(
            .integer(rule), .text(columns.kind.rawValue), columns.json, columns.text, columns.bytes, columns.file,
            columns.error, columns.message, columns.agentStatus, Datum(reply.status),
            Datum(reply.headers.map { $0.map { JSON.Value.Member($0.name, .string($0.value)) } }),
            Datum(reply.contentType), Datum(reply.delay), Datum(columns.stream?.firstAfter),
            Datum(columns.stream?.every), Datum(columns.stream?.jitter), columns.initialization)
        if let stream = columns.stream { try writeFrames(stream.events, ofRule: rule) }
    }

    private func writeFrames(_ events: [Stream.Event], ofRule rule: Int64) throws(DatabaseError) {
        let insert = try statement(
            """
            INSERT INTO frames (rule, position, data, text, event, event_id, retry, comment, after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for (index, event) in events.enumerated() {
            try insert.run(
                .integer(rule), Position.written(index), Datum(event.data), Datum(event.text), Datum(event.event),
                Datum(event.id), Datum(event.retry), Datum(event.comment), Datum(event.after))
        }
    }
}

enum ReplyWord: String, CaseIterable {
    case json, text, base64, file, stream, echo, error, agentError
}

/// A reply's kind as columns: its word, and what the word needs.
private struct ReplyColumns {
    var kind: ReplyWord
    var json = Datum.null
    var text = Datum.null
    var bytes = Datum.null
    var file = Datum.null
    var error = Datum.null
    var message = Datum.null
    var agentStatus = Datum.null
    var initialization = Datum.null
    var stream: Stream?

    init(_ reply: Reply.Kind) {
        switch reply {
        case .json(let value): (kind, json) = (.json, Datum(value))
        case .text(let words): (kind, text) = (.text, .text(words))
        case .base64(let content): (kind, bytes) = (.base64, .blob(content))
        case .file(let path): (kind, file) = (.file, .text(path))
        case .stream(let events): (kind, stream) = (.stream, events)
        case .echo: kind = .echo
        case .error(let name, let words): (kind, error, message) = (.error, .text(name), Datum(words))
        case .agentError(let status, let time):
            (kind, agentStatus, initialization) = (.agentError, Datum(status), Datum(time))
        }
    }
}

extension Row {
    /// What columns of other kinds hold does not matter: `UPDATE replies SET kind = 'echo'` is enough to change one.
    fileprivate func replyKind(_ events: [Stream.Event]) -> Reply.Kind? {
        guard let word = needed(1, choice(1, ReplyWord.self)) else { return nil }
        switch word {
        case .json: return needed(2, json(2)).map { .json($0) }
        case .text: return needed(3, text(3)).map { .text($0) }
        case .base64: return needed(4, blob(4)).map { .base64($0) }
        case .file: return needed(5, text(5)).map { .file($0) }
        case .echo: return .echo
        case .error: return needed(6, text(6)).map { .error(name: $0, message: text(7)) }
        case .agentError:
            return needed(8, integer(8)).map { .agentError(status: $0, initialization: duration(16)) }
        case .stream:
            var stream = Stream()
            stream.firstAfter = duration(13)
            stream.every = duration(14)
            stream.jitter = real(15)
            stream.events = events
            return .stream(stream)
        }
    }

    /// A name may stand more than once, or once with an array of values.
    fileprivate func headerLines(_ column: Int32) -> [HeaderLine]? {
        object(column)?.flatMap { member in
            switch member.value {
            case .string(let text): return [HeaderLine(name: member.name, value: text)]
            case .array(let elements): return elements.compactMap { headerLine(column, member.name, $0) }
            default: return [headerLine(column, member.name, member.value)].compactMap { $0 }
            }
        }
    }

    private func headerLine(_ column: Int32, _ name: String, _ value: JSON.Value) -> HeaderLine? {
        guard case .string(let text) = value else { return wrong(column, "\(name) is \(value.kind), not a string") }
        return HeaderLine(name: name, value: text)
    }
}
