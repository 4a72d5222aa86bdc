import Redaction

/// Takes the secrets out of what was recorded already, in the file itself, and leaves nothing of them in its free pages
/// or beside it.
package enum RecordingCleaning {
    /// Answers how many calls there are. `redactor` brings the rules, and afterwards knows what was found. `progress` is
    /// told how many readings of a call are done, of how many: each is read twice.
    package static func clean(
        _ path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
        _ redactor: (([Pseudonyms.Entry]) -> Redactor)
    ) throws(DatabaseError) -> (calls: Int, redactor: Redactor) {
        var calls: [Int64] = []
        var working: Redactor?
        guard case .database = try DatabaseFile(path: path).content else {
            throw DatabaseError(.missing, path: path, what: "is no recording", hint: "`understudy record` makes one")
        }
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
                for call in calls {
                    try database.clean(call, &redactor, writes: writes)
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
        return (calls.count, working ?? redactor([]))
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

    fileprivate func clean(_ call: Int64, _ redactor: inout Redactor, writes: Bool) throws(DatabaseError) {
        let row = try statement(
            """
            SELECT request_headers, request_body, reply_headers, reply_body, session, reply_body IS NULL
            FROM recorded_calls WHERE id = ?
            """)
        defer { row.reset() }
        try row.bind(1, call)
        guard try row.step() else { return }
        redactor.rules.spared = row.text(4).map { [$0] } ?? []
        let request = redactor.redact(lines: row.text(0) ?? "")
        let requestBody = redactor.redact(row.bytes(1))
        let isEventStream = StreamRedactor.isEventStream(lines: row.text(2) ?? "")
        let reply = redactor.redact(lines: row.text(2) ?? "")
        let before = row.bytes(3)
        let body: Datum = row.integer(5) != 0 ? .null : .blob(redactor.redact(before, isEventStream: isEventStream))
        let change = try cleanFrames(of: call, isEventStream, &redactor, writes: writes)
        guard writes else { return }
        let whole = if case .blob(let bytes) = body { bytes.count - before.count } else { 0 }
        try statement(
            "UPDATE recorded_calls SET request_headers = ?, request_body = ?, reply_headers = ?, reply_body = ? WHERE id = ?"
        ).run(
            .text(request), .blob(requestBody), .text(reply.withLength(changedBy: change + whole)), body, .integer(call)
        )
    }

    /// Answers how many bytes more there are.
    private func cleanFrames(
        of call: Int64, _ isEventStream: Bool, _ redactor: inout Redactor, writes: Bool
    ) throws(DatabaseError) -> Int {
        let frames = try statement(
            "SELECT id, bytes, size FROM recorded_frames WHERE call = ? ORDER BY position IS NULL, position, id")
        defer { frames.reset() }
        try frames.bind(1, call)
        var stream = StreamRedactor(isEventStream: isEventStream, rules: redactor.rules)
        var waiting: [(id: Int64, size: Int64?)] = []
        var done: [(id: Int64, size: Int64, bytes: [UInt8])] = []
        var change = 0
        func take(_ pieces: [StreamRedactor.Piece]) {
            for piece in pieces {
                let (id, size) = waiting.removeFirst()
                change += piece.bytes.count - piece.size
                done.append((id, size ?? Int64(piece.size), piece.bytes))
            }
        }
        while try frames.step() {
            let size = frames.type(2) == Self.integerType ? frames.integer(2) : nil
            waiting.append((frames.integer(0), size))
            take(stream.add(frames.bytes(1), at: 0, &redactor))
        }
        take(stream.finish(&redactor))
        guard writes else { return change }
        let update = try statement("UPDATE recorded_frames SET bytes = ?, size = ? WHERE id = ?")
        for frame in done {
            let size: Datum = frame.size == Int64(frame.bytes.count) ? .null : .integer(frame.size)
            try update.run(.blob(frame.bytes), size, .integer(frame.id))
        }
        return change
    }

    private static let integerType: Int32 = 1
}

extension String {
    /// Header lines whose `Content-Length` is so much more.
    fileprivate func withLength(changedBy change: Int) -> String {
        guard change != 0 else { return self }
        return split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.lowercased().hasPrefix("content-length:"),
                let length = Int(line.dropFirst(15).drop { $0 == " " })
            else { return String(line) }
            return "Content-Length: \(max(0, length + change))"
        }.joined(separator: "\n")
    }
}
