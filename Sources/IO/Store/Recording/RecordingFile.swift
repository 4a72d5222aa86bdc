import Library
import Recording
import Time

/// A recording that is being made: a library that gets one call more with each answer that has ended. It belongs to one
/// thread at a time.
///
/// A call and its frames are one transaction: whatever ends the program, what is in the file is whole calls.
package final class RecordingFile {
    package let path: String
    package let name: String
    private let database: Database
    private let recording: Int64
    private var position: Int64

    /// Makes the file, or continues it if it is a recording; anything else is refused and not touched. `scenario` is what
    /// the calls are made under: its agents, credentials and users go into the file.
    package init(
        path: String, name: String, started: Instant, madeUnder scenario: Scenario
    ) throws(DatabaseError) {
        self.path = path
        self.name = name
        var row: Int64 = 0
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
        }
        recording = row
        position = try database.number("SELECT max(position) FROM recorded_calls WHERE recording = \(row)") ?? 0
    }

    /// The call has ended, and from now on is in the file.
    package func commit(_ call: RecordedCall) throws(DatabaseError) {
        try database.transaction { () throws(DatabaseError) in
            try database.insert(call, recording: recording, position: .integer(position + 10))
        }
        position += 10
    }

    /// Nothing is added any more. Afterwards no write-ahead log lies beside the file.
    package func end(at moment: Instant) throws(DatabaseError) {
        try database.statement("UPDATE recordings SET ended = ? WHERE id = ?").run(Datum(moment), .integer(recording))
        database.close()
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
}
