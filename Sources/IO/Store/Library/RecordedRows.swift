import Bytes
import Delivery
import HTTPWire
import Library
import Recording
import Time

/// Recordings: what they are called, their calls, and the frames of these.
extension Database {
    func readRecordings(_ mistakes: RowMistakes) throws(DatabaseError) -> (names: [Int64: String], runs: [RecordedRun])
    {
        var names: [Int64: String] = [:]
        var runs: [RecordedRun] = []
        try eachRow(of: "recordings", "SELECT id, name, started, ended FROM recordings ORDER BY id", mistakes) { row in
            guard let name = row.needed(1, row.text(1)) else { return }
            var run = RecordedRun(name: name)
            run.started = row.moment(2)
            run.ended = row.moment(3)
            names[row.id] = name
            runs.append(run)
        }
        return (names, runs)
    }

    /// All of them, or those of these rows. Of `long` answers the frames stay where they are.
    func readRecorded(
        _ names: [Int64: String], _ mistakes: RowMistakes, rows wanted: [Int64]? = nil,
        long: [Int64: StoredFrames] = [:]
    ) throws(DatabaseError) -> [RecordedCall] {
        let list = wanted.map { "(\($0.map(String.init).joined(separator: ",")))" }
        let others = long.isEmpty ? "" : "WHERE call NOT IN (\(long.keys.map(String.init).joined(separator: ",")))"
        let frames = try readFrames(mistakes, list.map { "WHERE call IN \($0)" } ?? others)
        let columns = """
            agent, qualifier, operation, session, arrived, request_headers, request_body, status, reply_headers,
            reply_body, at, ended, outcome
            """
        return try rows(
            of: "recorded_calls", owner: "recording", columns, where: list.map { "WHERE id IN \($0)" } ?? "", mistakes
        ) { row in
            guard let agent = row.needed(3, row.text(3)) else { return nil }
            var call = RecordedCall(agent: agent, reply: row.reply(frames[row.id]))
            if let stored = long[row.id] { call.reply.body = .stored(stored) }
            call.recording = row.integer(1).flatMap { names[Int64($0)] }
            call.qualifier = row.text(4) ?? call.qualifier
            call.operation = row.text(5) ?? call.operation
            call.session = row.text(6)
            call.arrived = row.moment(7)
            call.requestFields = row.lines(8)
            call.requestBody = row.blob(9) ?? []
            call.outcome = row.choice(15, Report.Outcome.self) ?? call.outcome
            return call
        }
    }

    private func readFrames(
        _ mistakes: RowMistakes, _ condition: String
    ) throws(DatabaseError) -> [Int64: [RecordedFrame]] {
        let list = try rows(
            of: "recorded_frames", owner: "call", "at, bytes, size, direction, kind", where: condition, mistakes
        ) {
            row -> (call: Int64, frame: RecordedFrame)? in
            guard let bytes = row.needed(4, row.blob(4)) else { return nil }
            return (
                row.statement.integer(1),
                RecordedFrame(
                    at: Int64(row.integer(3) ?? 0), bytes: bytes, size: row.integer(5), message: row.message)
            )
        }
        var frames: [Int64: [RecordedFrame]] = [:]
        for (call, frame) in list { frames[call, default: []].append(frame) }
        return frames
    }

    func readReplay(_ mistakes: RowMistakes) throws(DatabaseError) -> ReplaySettings {
        var settings = ReplaySettings()
        _ = try rows(of: "replay", "kind, value", mistakes) { row -> Bool? in
            guard let kind = row.needed(3, row.text(3)), let value = row.needed(4, row.text(4)) else { return nil }
            switch kind {
            case "volatile": settings.volatile.append(value)
            case "header": settings.headers.append(value)
            default: row.note(3, "\(Row.quoted(kind)) is not one of volatile, header")
            }
            return true
        }
        return settings
    }
}

extension Row {
    /// Who said it, of a frame that is a message.
    fileprivate var message: RecordedMessage? {
        let (side, kind) = (choice(6, RecordedMessage.Side.self), choice(7, RecordedMessage.Kind.self))
        return side == nil && kind == nil ? nil : RecordedMessage(from: side ?? .other, kind ?? .text)
    }

    fileprivate func moment(_ column: Int32) -> Instant? {
        integer(column).map { Instant(nanoseconds: Int64($0)) }
    }

    /// Header fields, a line each.
    fileprivate func lines(_ column: Int32) -> FieldBlock {
        var block = FieldBlock()
        for line in (text(column) ?? "").utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                note(column, "holds a line without a colon: \(Self.quoted(String(Substring(line))))")
                continue
            }
            let value = line[colon...].dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            block.add(name: String(Substring(line[..<colon])), value: String(Substring(value)))
        }
        return block
    }

    fileprivate func reply(_ frames: [RecordedFrame]?) -> RecordedReply {
        let whole = blob(12)
        if frames != nil, whole != nil { note(12, "stands beside frames: one of them has to go") }
        var reply = RecordedReply(body: whole.map { .whole($0) } ?? .frames(frames ?? []))
        reply.status = integer(10) ?? 200
        reply.fields = lines(11)
        reply.at = Int64(integer(13) ?? 0)
        reply.ended = Int64(integer(14) ?? 0)
        return reply
    }
}

extension Database {
    func writeRecordings(_ runs: [RecordedRun]) throws(DatabaseError) {
        let insert = try statement("INSERT INTO recordings (name, started, ended) VALUES (?, ?, ?)")
        for run in runs { try insert.run(.text(run.name), Datum(run.started), Datum(run.ended)) }
    }

    func writeRecorded(_ calls: [RecordedCall], written: (Int) -> Void) throws(DatabaseError) {
        let insert = try RecordedInsert(self)
        for (index, call) in calls.enumerated() {
            let recording = try call.recording.map { (name) throws(DatabaseError) in try row(ofRecording: name) }
            try insert.insert(call, recording: recording, position: RowPosition.number(index))
            written(index + 1)
        }
    }

    /// The recording of this name, made if there is none.
    func row(ofRecording name: String) throws(DatabaseError) -> Int64 {
        let find = try statement("SELECT id FROM recordings WHERE name = ?")
        defer { find.reset() }
        try find.bind(1, text: name)
        if try find.step() { return find.integer(0) }
        try statement("INSERT INTO recordings (name) VALUES (?)").run(.text(name))
        return lastInsertedRow
    }

    func writeReplay(_ settings: ReplaySettings) throws(DatabaseError) {
        let insert = try statement("INSERT INTO replay (position, kind, value) VALUES (?, ?, ?)")
        let all = settings.volatile.map { ("volatile", $0) } + settings.headers.map { ("header", $0) }
        for (index, (kind, value)) in all.enumerated() {
            try insert.run(RowPosition.written(index), .text(kind), .text(value))
        }
    }
}

extension Datum {
    init(_ moment: Instant?) { self = moment.map { .integer($0.nanoseconds) } ?? .null }
    init(_ fields: FieldBlock) { self = .text(String(lossy: fields.lineText)) }
}
