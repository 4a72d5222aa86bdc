import HTTPWire
import Recording
import Redaction

/// Takes the secrets out of what was recorded already, in the file itself, and leaves nothing of them in its free pages
/// or beside it.
package enum RecordingCleaning {
    /// Answers how many calls there are. `redactor` brings the rules, and afterwards knows what was found. `progress` is
    /// told how many readings of a call are done, of how many: each is read twice.
    package static func clean(
        _ path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
        _ redactor: (([Pseudonyms.Entry]) -> Redactor)
    ) throws(DatabaseError) -> (calls: Int, redactor: Redactor, withheld: [String]) {
        var calls: [Int64] = []
        var withheld: [String] = []
        var working: Redactor?
        guard case .database = try DatabaseFile(path: path).content else {
            throw DatabaseError(.missing, path: path, what: "is no recording", hint: "`understudy record` makes one")
        }
        let lock = try RecordingLock(path, makes: false)
        defer { withExtendedLifetime(lock) {} }
        let database = try Database.writing(path) { (database) throws(DatabaseError) in
            calls = try database.recordedCalls()
            let isRecording = try database.number("SELECT 1 FROM recordings LIMIT 1") != nil
            guard isRecording || !calls.isEmpty else {
                throw DatabaseError(
                    .mistaken, path: path, what: "holds no recorded call",
                    hint: "`understudy record` records some")
            }
            try database.run("PRAGMA secure_delete = ON")
            var redactor = redactor(try database.readPseudonyms())
            // A secret that one call names may stand anywhere in another: all of them are learned first.
            var done = 0
            for writes in [false, true] {
                redactor.pseudonyms.forgetCount()
                withheld = []
                for call in calls {
                    withheld += try database.clean(call, &redactor, writes: writes)
                    done += 1
                    progress(done, 2 * calls.count)
                }
            }
            try database.writePseudonyms(redactor.pseudonyms.takeAdded())
            working = redactor
        }
        defer { database.close() }
        // What was there before lies in pages that are free now, and in the log.
        try database.run("PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        return (calls.count, working ?? redactor([]), withheld)
    }
}

extension Database {
    fileprivate func recordedCalls() throws(DatabaseError) -> [Int64] {
        let rows = try statement("SELECT id FROM recorded_calls ORDER BY id")
        defer { rows.reset() }
        var calls: [Int64] = []
        while try rows.step() { calls.append(rows.integer(0)) }
        return calls
    }

    /// Answers what was not kept because it could not be looked through.
    fileprivate func clean(_ row: Int64, _ redactor: inout Redactor, writes: Bool) throws(DatabaseError) -> [String] {
        guard var call = try callWithoutFrames(row) else { return [] }
        var withheld: [String] = []
        if case .whole = call.reply.body {
            withheld = call.redact(&redactor)
        } else {
            withheld = call.redactRequest(&redactor).map { [$0] } ?? []
            var frames = FrameRedactor(call.reply.fields, redactor.rules)
            call.reply.fields = redactor.redact(call.reply.fields, of: .answer)
            let change = try cleanFrames(of: row, &frames, &redactor, writes: writes)
            if frames.hasDecoded { call.reply.fields.remove("Content-Encoding") }
            call.reply.noteLength(changedBy: change)
            withheld += frames.withheld.map { ["an answer \($0)"] } ?? []
        }
        guard writes else { return [] }
        let body: Datum = if case .whole(let bytes) = call.reply.body { .blob(bytes) } else { .null }
        try statement(
            """
            UPDATE recorded_calls SET operation = ?, request_headers = ?, request_body = ?, reply_headers = ?, reply_body = ?
            WHERE id = ?
            """
        ).run(
            .text(call.operation), Datum(call.requestFields), .blob(call.requestBody), Datum(call.reply.fields), body,
            .integer(row))
        return withheld.map { "\($0), in call \(row)" }
    }

    private func callWithoutFrames(_ row: Int64) throws(DatabaseError) -> RecordedCall? {
        let found = try statement(
            """
            SELECT request_headers, request_body, reply_headers, reply_body, session, operation, reply_body IS NULL
            FROM recorded_calls WHERE id = ?
            """)
        defer { found.reset() }
        try found.bind(1, row)
        guard try found.step() else { return nil }
        let body: RecordedReply.Body = found.integer(6) != 0 ? .frames([]) : .whole(found.bytes(3))
        var call = RecordedCall(agent: "", reply: RecordedReply(body: body))
        (call.session, call.operation) = (found.text(4), found.text(5) ?? "")
        call.requestFields = FieldBlock(lines: found.text(0) ?? "")
        call.requestBody = found.bytes(1)
        call.reply.fields = FieldBlock(lines: found.text(2) ?? "")
        return call
    }

    /// Answers how many bytes more there are.
    private func cleanFrames(
        of call: Int64, _ frames: inout FrameRedactor, _ redactor: inout Redactor, writes: Bool
    ) throws(DatabaseError) -> Int {
        let rows = try statement(
            """
            SELECT id, bytes, size, direction, kind FROM recorded_frames WHERE call = ?
            ORDER BY position IS NULL, position, id
            """)
        defer { rows.reset() }
        try rows.bind(1, call)
        var waiting: [Int64] = []
        var done: [(id: Int64, frame: RecordedFrame)] = []
        var change = 0
        func take(_ kept: [RecordedFrame]) {
            change += kept.reduce(0) { $0 + $1.bytes.count }
            for frame in kept { done.append((waiting.removeFirst(), frame)) }
        }
        while try rows.step() {
            let frame = rows.frame
            waiting.append(rows.integer(0))
            change -= frame.bytes.count
            take(frames.add(frame, &redactor))
        }
        take(frames.finish(&redactor))
        guard writes else { return change }
        let update = try statement("UPDATE recorded_frames SET bytes = ?, size = ? WHERE id = ?")
        for (id, frame) in done { try update.run(.blob(frame.bytes), Datum(frame.size), .integer(id)) }
        return change
    }
}

extension Statement {
    /// Of `id, bytes, size, direction, kind`.
    var frame: RecordedFrame {
        let side = text(3).flatMap(RecordedMessage.Side.init), kind = text(4).flatMap(RecordedMessage.Kind.init)
        let message = side == nil && kind == nil ? nil : RecordedMessage(from: side ?? .other, kind ?? .text)
        return RecordedFrame(at: 0, bytes: bytes(1), size: type(2) == 1 ? Int(integer(2)) : nil, message: message)
    }
}

extension FieldBlock {
    /// Header fields, a line each.
    init(lines: String) {
        self.init()
        for line in lines.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            add(name: String(line[..<colon]), value: String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
    }
}
