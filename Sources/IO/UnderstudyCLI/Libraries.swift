import Faults
import Library
import Store

/// The libraries that a command names: scenario files and SQLite libraries, told apart by what is in them.
package enum Libraries {
    /// One library, or what is wrong with it, a line a mistake.
    package enum Reading {
        case good(Scenario)
        case bad([String])
    }

    /// `thoroughly` also tries the patterns and names in a SQLite library, which costs a few times as much; a scenario
    /// file is never read otherwise.
    /// `folders` are those whose files replies may name besides the scenario's own.
    /// With `leavesLong`, the frames of long recorded answers stay in their files.
    package static func read(
        _ path: String, thoroughly: Bool = false, folders: [String] = [], leavesLong: Bool = false
    ) -> Reading {
        if isDatabase(path) { return database(path, thoroughly, leavesLong) }
        do throws(Failure) {
            return try scenarioFile(path, folders)
        } catch {
            return .bad([error.message])
        }
    }

    /// All of them as one scenario, or every mistake of all. Without a name, the built-in library.
    package static func merged(
        _ paths: [String], thoroughly: Bool = false, folders: [String] = [], leavesLong: Bool = false
    ) throws(Failure) -> Scenario {
        guard !paths.isEmpty else { return builtIn }
        return try all(paths, thoroughly: thoroughly, folders: folders, leavesLong: leavesLong).reduce(Scenario()) {
            $0.adding($1)
        }
    }

    /// `begins` is told of each before it is read.
    package static func all(
        _ paths: [String], thoroughly: Bool = false, folders: [String] = [], leavesLong: Bool = false,
        begins: (String) -> Void = { _ in }
    ) throws(Failure) -> [Scenario] {
        var scenarios: [Scenario] = []
        var mistakes: [String] = []
        for path in paths {
            begins(path)
            switch read(path, thoroughly: thoroughly, folders: folders, leavesLong: leavesLong) {
            case .good(let scenario): scenarios.append(scenario)
            case .bad(let lines): mistakes += lines
            }
        }
        guard mistakes.isEmpty else { throw Failure(mistakes: mistakes) }
        return scenarios
    }

    private static var builtIn: Scenario {
        ScenarioFile.read(Array(BuiltIn.text.utf8), fileName: BuiltIn.name, .complete()).0 ?? Scenario()
    }

    package static func isDatabase(_ path: String) -> Bool {
        FileBytes.beginning(of: path, count: 16) == Array("SQLite format 3\0".utf8)
    }

    private static func database(_ path: String, _ thoroughly: Bool, _ leavesLong: Bool) -> Reading {
        do throws(DatabaseError) {
            let scenario =
                try thoroughly ? LibraryFile.check(path, .complete()) : LibraryFile.read(path, leavesLong: leavesLong)
            if scenario == Scenario(), try JournalReader(path: path).lastRun() != nil {
                return .bad(["\(path): is a journal, and no library is in it; `understudy journal` reads it"])
            }
            let mistakes = thoroughly ? FaultBook.mistakes(in: scenario.faults, now: WallClock.now) : []
            return mistakes.isEmpty ? .good(scenario) : .bad(mistakes.map { "\(path): \($0)" })
        } catch {
            return .bad(error.description.split(separator: "\n").map(String.init))
        }
    }

    private static func scenarioFile(_ path: String, _ folders: [String]) throws(Failure) -> Reading {
        let bytes = try FileBytes.read(path)
        if HARFile.isMeant(path, bytes) { return try HARFile.read(path, bytes) }
        guard path.hasSuffix(".json") || path.hasSuffix(".jsonc") || looksLikeScenario(bytes) else {
            throw Failure(
                "\(path): is \(bytes.isEmpty ? "empty, " : "")neither a scenario file (JSON) nor a library (SQLite)")
        }
        var files: [String: [UInt8]] = [:]
        let (scenario, mistakes) = ScenarioFile.read(
            bytes, fileName: path, .complete(faultsArmedAt: WallClock.now)
        ) { readFile($0, beside: path, folders, into: &files) }
        guard var found = scenario else { return .bad(mistakes.map(\.description)) }
        found.files.merge(files) { _, new in new }
        return .good(found)
    }

    static let allowFiles = Option(
        "--allow-files", "DIR", "replies may name files below DIR, too, not only below their scenario's folder",
        repeats: true)

    /// Reads what a `file` reply names: below the scenario's own folder, or below one that was allowed. A scenario may come
    /// from anywhere, and a library made of it may go anywhere: it takes nothing along that nobody meant to give. Returns
    /// why it cannot be had.
    private static func readFile(
        _ name: String, beside path: String, _ folders: [String], into files: inout [String: [UInt8]]
    ) -> String? {
        guard files[name] == nil else { return nil }
        do throws(Failure) {
            files[name] = try FileBytes.read(
                FileBytes.beside(path, name), below: [FileBytes.beside(path, ".")] + folders)
            return nil
        } catch {
            return error.message
        }
    }

    /// Whether it begins as JSON objects and our comments do.
    package static func looksLikeScenario(_ bytes: [UInt8]) -> Bool {
        bytes.first { $0 > 0x20 }.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "/") } ?? false
    }
}

extension Failure {
    /// With a line for every mistake, where a library has mistakes.
    package init(_ error: DatabaseError) {
        if error.mistakes.isEmpty {
            self.init(error.description)
        } else {
            self.init(mistakes: error.description.split(separator: "\n").map(String.init))
        }
    }
}
