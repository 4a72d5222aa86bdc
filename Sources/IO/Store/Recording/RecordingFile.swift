import Library
import Recording
import Redaction
import Time

/// A recording that is being made: a library that gets one call more with each answer that has ended. It belongs to one
/// thread at a time.
///
/// A call and its frames come with one transaction: whatever ends the program, what is in the file is whole calls. Of an
/// answer that is too long for memory the frames wait in a temporary table, which no other program sees.
package final class RecordingFile {
    package let path: String
    package let name: String
    /// Of the secrets that are known in the file.
    package let pseudonyms: [Pseudonyms.Entry]
    private let database: Database
    private let insert: RecordedInsert
    private var lock: RecordingLock?
    private let recording: Int64
    private var position: Int64

    /// Makes the file, or continues it if it is a recording; anything else is refused and not touched. `scenario` is what
    /// the calls are made under: its agents, credentials and users go into the file.
    package init(
        path: String, name: String, started: Instant, madeUnder scenario: Scenario
    ) throws(DatabaseError) {
        self.path = path
        self.name = name
        lock = try RecordingLock(path, makes: true)
        var row: Int64 = 0
        var entries: [Pseudonyms.Entry] = []
        database = try Database.writing(path) { (database) throws(DatabaseError) in
            try database.refuseOtherThanRecording()
            let old = try database.readScenario(without: .recorded)
            var who = Scenario()
            (who.agents, who.credentials, who.users) = (scenario.agents, scenario.credentials, scenario.users)
            try database.replaceScenario(old.adding(who), without: .recorded)
            row = try database.row(ofRecording: name)
            try database.statement(
                "UPDATE recordings SET started = coalesce(started, ?), ended = NULL WHERE id = ?"
            ).run(Datum(started), .integer(row))
            entries = try database.readPseudonyms()
        }
        recording = row
        pseudonyms = entries
        position = try database.number("SELECT max(position) FROM recorded_calls WHERE recording = \(row)") ?? 0
        // The index is for who reads: kept while calls are added, it would be a page more with each commit. Nothing is
        // deleted here that anything refers to, and what is added refers to the row of this recording.
        try database.run(
            """
            DROP INDEX IF EXISTS recorded_calls_of_recording;
            PRAGMA foreign_keys = OFF;
            PRAGMA secure_delete = ON;
            PRAGMA journal_size_limit = 67108864;
            CREATE TEMP TABLE aside (key INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER, bytes BLOB, size INTEGER,
              direction TEXT, kind TEXT);
            CREATE INDEX temp.aside_of_key ON aside(key, position);
            """)
        insert = try RecordedInsert(database)
    }

    /// The call has ended, and from now on is in the file.
    package func commit(_ call: RecordedCall) throws(DatabaseError) {
        try commit([FinishedCall(key: -1, call: call, frameCount: 0, size: 0)], [])
    }

    /// All of them or none, with the pseudonyms that they brought.
    func commit(_ calls: [FinishedCall], _ entries: [Pseudonyms.Entry]) throws(DatabaseError) {
        var next = position
        try database.transaction { () throws(DatabaseError) in
            try database.writePseudonyms(entries)
            for call in calls {
                next += 10
                try insert(call, position: next)
            }
        }
        position = next
    }

    private func insert(_ call: FinishedCall, position: Int64) throws(DatabaseError) {
        let aside = asides[call.key] ?? 0
        try insert.insert(call.call, recording: recording, position: position, framesBefore: aside)
        guard aside > 0 else { return }
        let row = try database.number("SELECT max(id) FROM recorded_calls") ?? 0
        try database.statement(
            """
            INSERT INTO recorded_frames (call, position, at, bytes, size, direction, kind)
              SELECT ?, position, at, bytes, size, direction, kind FROM temp.aside WHERE key = ? ORDER BY position
            """
        ).run(.integer(row), .integer(Int64(call.key)))
        try database.statement("DELETE FROM temp.aside WHERE key = ?").run(.integer(Int64(call.key)))
        asides[call.key] = nil
    }

    /// How many frames of a call are aside.
    private var asides: [Int: Int] = [:]

    /// Frames of a call that has not ended.
    func putAside(_ frames: [RecordedFrame], key: Int) throws(DatabaseError) {
        var count = asides[key] ?? 0
        try database.transaction { () throws(DatabaseError) in
            let insert = try database.statement(
                "INSERT INTO temp.aside (key, position, at, bytes, size, direction, kind) VALUES (?, ?, ?, ?, ?, ?, ?)")
            for frame in frames {
                try insert.run(
                    .integer(Int64(key)), RowPosition.written(count), .integer(frame.at), .blob(frame.bytes),
                    Datum(frame.size), Datum(frame.message?.side.rawValue), Datum(frame.message?.kind.rawValue))
                count += 1
            }
        }
        asides[key] = count
    }

    /// Nothing is added any more. Afterwards no write-ahead log lies beside the file.
    package func end(at moment: Instant) {
        // A file that cannot be written keeps what it has, and the recording looks unfinished, as it is.
        try? database.statement("UPDATE recordings SET ended = ? WHERE id = ?").run(Datum(moment), .integer(recording))
        try? database.run(
            "CREATE INDEX IF NOT EXISTS recorded_calls_of_recording ON recorded_calls(recording, position)")
        try? database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        lock = nil
    }
}

extension Database {
    /// A file that was just made is empty; one that is continued holds recordings.
    fileprivate func refuseOtherThanRecording() throws(DatabaseError) {
        let isRecording = try number("SELECT 1 FROM recordings LIMIT 1") != nil
        let isEmpty =
            try number("SELECT 1 FROM agents UNION SELECT 1 FROM rules UNION SELECT 1 FROM runs LIMIT 1") == nil
        guard isRecording || isEmpty else {
            throw DatabaseError(
                .mistaken, path: path, what: "holds a library or a journal, and is no recording",
                hint: "name another file to record into")
        }
    }

    func readPseudonyms() throws(DatabaseError) -> [Pseudonyms.Entry] {
        let rows = try statement("SELECT kind, number, code FROM pseudonyms")
        defer { rows.reset() }
        var entries: [Pseudonyms.Entry] = []
        while try rows.step() {
            entries.append(
                Pseudonyms.Entry(kind: rows.text(0) ?? "", number: Int(rows.integer(1)), code: rows.bytes(2)))
        }
        return entries
    }

    func writePseudonyms(_ entries: [Pseudonyms.Entry]) throws(DatabaseError) {
        let insert = try statement("INSERT OR IGNORE INTO pseudonyms (kind, number, code) VALUES (?, ?, ?)")
        for entry in entries {
            try insert.run(.text(entry.kind), .integer(Int64(entry.number)), .blob(entry.code))
        }
    }
}
