import Glibc
import Journal
import Store

/// The calls in a journal file.
struct FileJournal {
    let query: Query
    let printer: CallPrinter
    private let reader: JournalReader

    init(path: String, query: Query, printer: CallPrinter) throws(Failure) {
        self.query = query
        self.printer = printer
        if Libraries.looksLikeScenario(FileBytes.beginning(of: path, count: 4_096)) {
            throw Failure("\(path): is a scenario file, not a journal")
        }
        let run: Int?
        do throws(DatabaseError) {
            reader = try JournalReader(path: path)
            run = try reader.lastRun()
        } catch {
            throw Failure(error)
        }
        guard run != nil else {
            throw Failure(
                "\(path): is a library, and no journal was kept in it; `understudy serve --journal` keeps one")
        }
    }

    func printAll() throws(Failure) {
        guard query.limit == nil else {
            for entry in try stored({ () throws(DatabaseError) in try reader.entries(matching: query) }) {
                try printer.print(entry.call)
            }
            return
        }
        _ = try each(after: 0) { (entry) throws(Failure) in
            if query.matches(entry.call) { try printer.print(entry.call) }
        }
    }

    /// Every call once, when it has ended, for ever.
    func follow() throws(Failure) {
        var position = try begin()
        while true {
            // A file wakes nobody: it is looked at again and again.
            usleep(200_000)
            try proceed(&position)
        }
    }

    /// How far the file was read, and which of the calls up to there had not ended.
    struct Position {
        var place: Int64 = 0
        var running: [Int64] = []
    }

    /// What is there already; with a limit, the newest of it.
    func begin() throws(Failure) -> Position {
        var position = Position()
        guard query.limit != nil else {
            try proceed(&position)
            return position
        }
        let newest = try stored { () throws(DatabaseError) in
            var last = Query()
            last.limit = 1
            return try reader.entries(matching: last)
        }
        let entries = try stored { () throws(DatabaseError) in try reader.entries(matching: query) }
        position.place = newest.last?.place ?? 0
        for entry in entries where entry.place <= position.place { try take(entry, &position) }
        return position
    }

    /// What has come or ended since.
    func proceed(_ position: inout Position) throws(Failure) {
        let running = position.running
        position.running = []
        if !running.isEmpty {
            // What a server left unfinished when it was killed will never end.
            let run = try stored { () throws(DatabaseError) in try reader.lastRun() }
            for entry in try stored({ () throws(DatabaseError) in try reader.entries(at: running) })
            where entry.run == run || entry.call.outcome != nil {
                try take(entry, &position)
            }
        }
        var later = position
        later.place = try each(after: position.place) { (entry) throws(Failure) in try take(entry, &later) }
        position = later
    }

    private func take(_ entry: JournalReader.Entry, _ position: inout Position) throws(Failure) {
        if entry.call.outcome == nil {
            position.running.append(entry.place)
        } else if query.matches(entry.call) {
            try printer.print(entry.call)
        }
    }

    /// Returns the place of the last.
    private func each(
        after start: Int64, _ body: (JournalReader.Entry) throws(Failure) -> Void
    ) throws(Failure) -> Int64 {
        var place = start
        var failure: Failure?
        try stored { () throws(DatabaseError) in
            try reader.each(after: start) { entry in
                place = entry.place
                do throws(Failure) { try body(entry) } catch { failure = error }
                return failure == nil
            }
        }
        if let failure { throw failure }
        return place
    }

    private func stored<Result>(_ work: () throws(DatabaseError) -> Result) throws(Failure) -> Result {
        do throws(DatabaseError) { return try work() } catch { throw Failure(error) }
    }
}

extension FileJournal {
    /// The call of this number in the last run.
    static func call(_ number: Int, in path: String) throws(Failure) -> CallRecord? {
        do throws(DatabaseError) {
            let reader = try JournalReader(path: path)
            return try reader.lastRun().flatMap { (run) throws(DatabaseError) in try reader.call(number, run: run) }
        } catch {
            throw Failure(error)
        }
    }
}
