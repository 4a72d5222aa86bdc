import Fields
import Library
import Recording
import Redaction

/// A scenario in a SQLite file.
package enum LibraryFile {
    /// What the library says. The file is not written, nor anything beside it.
    ///
    /// With `leavesLong`, the frames of long answers are not read: they stay in the file until they are replayed.
    package static func read(_ path: String, leavesLong: Bool = false) throws(DatabaseError) -> Scenario {
        try Database.reading(path) { (database) throws(DatabaseError) in
            try database.readScenario(leavesLong: leavesLong)
        }
    }

    /// As `read`, and every mistake that a scenario file would be refused for is one here: a pattern that is none, an
    /// unknown fault, two agents with one name. Costs a few times as much.
    package static func check(_ path: String, _ words: Vocabulary) throws(DatabaseError) -> Scenario {
        try Database.reading(path) { (database) throws(DatabaseError) in
            let scenario = try database.readScenario()
            let mistakes = try database.mistakes(in: scenario, words)
            guard mistakes.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes) }
            return scenario
        }
    }

    /// Makes the library say this and nothing else. The journal in it, if there is one, stays.
    package static func replace(_ path: String, with scenario: Scenario) throws(DatabaseError) {
        let lock = try RecordingLock(path, makes: false)
        defer { withExtendedLifetime(lock) {} }
        let database = try Database.writing(path) { (database) throws(DatabaseError) in
            try database.replaceScenario(scenario)
        }
        database.close()
    }

    /// Adds these to what the library says, one after the other (see `Scenario.adding`), all of them or none. What
    /// `redaction` says is taken out of them before. `codes` are what the libraries that they come from know of their
    /// secrets. `written` is told how many recorded calls are in it so far.
    package static func add(
        _ scenarios: [Scenario], codes: [[Pseudonyms.Entry]] = [], to path: String,
        _ redaction: RecordedRedaction? = nil, written: (Int) -> Void = { _ in }
    ) throws(DatabaseError) {
        let lock = try RecordingLock(path, makes: false)
        defer { withExtendedLifetime(lock) {} }
        let database = try Database.writing(path) { (database) throws(DatabaseError) in
            var whole = try database.readScenario()
            let named = try database.mergePseudonyms(of: scenarios, codes, into: whole)
            let clean = try redaction?.applied(to: named, database) ?? named
            for scenario in clean { whole = whole.adding(scenario) }
            try database.replaceScenario(whole, written: written)
        }
        database.close()
    }
}

extension Database {
    /// Parts of a library that may be large.
    enum Part { case recorded }

    func readScenario(without left: Part? = nil, leavesLong: Bool = false) throws(DatabaseError) -> Scenario {
        let mistakes = RowMistakes()
        var scenario = Scenario()
        scenario.agents = try readAgents(mistakes)
        scenario.credentials = try readCredentials(mistakes)
        scenario.users = try readUsers(mistakes)
        scenario.parameters = try readParameters(mistakes)
        scenario.rules = try readRules(mistakes)
        scenario.faults = try readFaults(mistakes)
        scenario.files = try readFiles(mistakes)
        scenario.replay = try readReplay(mistakes)
        if left != .recorded {
            let (names, runs) = try readRecordings(mistakes)
            scenario.recorded = try readRecorded(names, mistakes, long: leavesLong ? try longAnswers() : [:])
            let used = Set(scenario.recorded.lazy.compactMap(\.recording))
            // A name alone stands with the calls.
            scenario.recordings = runs.filter { $0 != RecordedRun(name: $0.name) || !used.contains($0.name) }
        }
        guard mistakes.all.isEmpty else { throw DatabaseError(path: path, mistakes: mistakes.all) }
        return scenario
    }

    func replaceScenario(
        _ scenario: Scenario, without left: Part? = nil, written: (Int) -> Void = { _ in }
    ) throws(DatabaseError) {
        for table in [
            "frames", "replies", "conditions", "rules", "endpoints", "agents", "credentials", "users", "faults",
            "files", "replay", "parameters",
        ] { try run("DELETE FROM \(table)") }
        try writeAgents(scenario.agents)
        try writeCredentials(scenario.credentials)
        try writeUsers(scenario.users)
        try writeParameters(scenario.parameters)
        try writeRules(scenario.rules)
        try writeFaults(scenario.faults)
        try writeFiles(scenario.files)
        try writeReplay(scenario.replay)
        guard left != .recorded else { return }
        for table in ["recorded_frames", "recorded_calls", "recordings"] { try run("DELETE FROM \(table)") }
        try writeRecordings(scenario.recordings)
        try writeRecorded(scenario.recorded, written: written)
    }
}

extension Database {
    /// The mistakes of a scenario that was read from here, each with its row. Its place inside the row is told as a
    /// scenario file would tell it, `when.call`.
    func mistakes(in scenario: Scenario, _ words: Vocabulary) throws(DatabaseError) -> [DatabaseError.Mistake] {
        var found: [DatabaseError.Mistake] = []
        var rows: [String: [Int64]] = [:]
        for mistake in ScenarioFile.mistakes(in: scenario, name: path, words) {
            let (table, index, rest) = Self.parts(mistake.path)
            if rows[table] == nil { rows[table] = try rowsInOrder(table) }
            let row = index.flatMap { (rows[table] ?? []).indices.contains($0) ? rows[table]?[$0] : nil }
            let what = mistake.message + (mistake.hint.map { "; \($0)" } ?? "")
            found.append(DatabaseError.Mistake(table: table, row: row, column: rest, what: what))
        }
        return found
    }

    /// `rules[2].when.call` is a table, a place in it, and the rest.
    private static func parts(_ path: String) -> (table: String, index: Int?, rest: String) {
        let table = path.prefix { $0 != "[" && $0 != "." }
        let bracket = path.dropFirst(table.count).dropFirst()
        let digits = bracket.prefix { $0 != "]" }
        return (String(table), Int(digits), String(bracket.dropFirst(digits.count).drop { $0 == "]" || $0 == "." }))
    }

    private func rowsInOrder(_ table: String) throws(DatabaseError) -> [Int64] {
        guard ["agents", "credentials", "users", "parameters", "rules", "faults"].contains(table) else { return [] }
        let statement = try statement("SELECT id FROM \(table) ORDER BY \(RowPosition.order)")
        defer { statement.reset() }
        var rows: [Int64] = []
        while try statement.step() { rows.append(statement.integer(0)) }
        return rows
    }
}
