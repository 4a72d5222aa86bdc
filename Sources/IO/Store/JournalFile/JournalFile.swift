import Delivery
import Glibc
import Journal

/// A journal open for writing: batches in, rows out. Belongs to one thread at a time.
final class JournalFile {
    let path: String
    let database: Database
    /// At most this many calls stay in the file, those of earlier runs included.
    private let limit: Int?
    private let place: (device: dev_t, inode: ino_t)
    private let insertion: Statement
    private let updating: Statement
    private var run: Int64
    /// How many calls there are, once they were counted.
    private var count: Int?
    /// Calls that have not ended, by their numbers. Their report will say only how late each frame was.
    private var open: [Int: Open] = [:]
    /// Those that this transaction adds to them.
    private var opened: [(number: Int, call: Open)] = []
    private var columns = CallColumns()

    private struct Open {
        var id: Int64
        var frames: FrameRun?
    }

    init(path: String, limit: Int?) throws(DatabaseError) {
        self.path = path
        self.limit = limit.map { max(0, $0) }
        var run: Int64 = 0
        let database = try Database.writing(path, pageSize: Self.pageSize) { (database) throws(DatabaseError) in
            run = try database.startRun()
        }
        self.run = run
        self.database = database
        insertion = try database.statement(CallColumns.insert)
        updating = try database.statement(CallColumns.update)
        try database.run(
            """
            PRAGMA wal_autocheckpoint = 1000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA secure_delete = OFF;
            """)
        place = Self.place(path)
    }

    func close() { database.close() }

    /// Endings of calls in the same batch join them before they are written.
    func joinEndings(of batch: inout JournalQueue.Batch) { batch.joinEndings() }

    /// Writes as much of the batch as one transaction should hold, and takes it off.
    func writeNext(of batch: inout JournalQueue.Batch) throws(DatabaseError) {
        guard Self.place(path) == place else {
            throw DatabaseError(
                .unwritable, path: path, what: "was removed or replaced while it was being written",
                hint: "start again with a journal of its own")
        }
        let arrivals = batch.arrivals[batch.writtenArrivals...].prefix(Self.transactionCount)
        let isLast = arrivals.endIndex == batch.arrivals.endIndex
        let before = (run, count)
        opened = []
        do throws(DatabaseError) {
            try database.transaction { () throws(DatabaseError) in
                for space in batch.clears { try clear(space: space) }
                for call in arrivals { try insert(call, batch.content) }
                if isLast { for ending in batch.endings { try update(ending) } }
                try keepLimit(added: arrivals.count)
            }
        } catch {
            (run, count) = before
            throw error
        }
        if batch.clears.contains(nil) { open = [:] }
        for (number, call) in opened { open[number] = call }
        if isLast { for ending in batch.endings { open[ending.number] = nil } }
        batch.clears = []
        batch.writtenArrivals = arrivals.endIndex
        if isLast { batch.endings = [] }
    }

    private func insert(_ call: WaitingCall, _ content: [UInt8]) throws(DatabaseError) {
        try content.span.withUnsafeBytes { (bytes) throws(DatabaseError) in
            defer { insertion.letGo() }
            try columns.bind(call, of: bytes, id: Self.id(run, call.number), to: insertion)
            if try !insertion.runBoundUnlessTaken() {
                // A number that was there before: the numbers have started again, so this is a run of its own.
                run = try database.startRun()
                try insertion.bind(1, Self.id(run, call.number))
                try insertion.runBound()
            }
        }
        if call.ending == nil {
            opened.append((call.number, Open(id: Self.id(run, call.number), frames: call.frames)))
        }
    }

    private func update(_ ending: JournalQueue.Ending) throws(DatabaseError) {
        guard let call = open[ending.number] else { return }
        try columns.bind(ending.report, of: call.frames, id: call.id, toUpdate: updating)
        try updating.runBound()
    }

    private func clear(space: String?) throws(DatabaseError) {
        let delete = try database.statement("DELETE FROM calls WHERE id >= ? AND space IS coalesce(?, space)")
        try delete.run(.integer(Self.id(run, 0)), Datum(space))
        count = nil
    }

    private func keepLimit(added: Int) throws(DatabaseError) {
        guard let limit else { return }
        var total = (count ?? 0) + added
        if count == nil { total = Int(try database.number("SELECT count(*) FROM calls") ?? 0) }
        count = min(total, limit)
        guard total > limit else { return }
        try database.statement("DELETE FROM calls WHERE id <= (SELECT id FROM calls ORDER BY id LIMIT 1 OFFSET ?)")
            .run(.integer(Int64(total - limit - 1)))
    }

    private static let transactionCount = 2_048

    /// A dozen calls a page: a quarter of the system calls that SQLite's usual pages take.
    private static let pageSize = 16_384

    /// Ten to the twelfth for each run; see the migration.
    private static func id(_ run: Int64, _ number: Int) -> Int64 { run &* 1_000_000_000_000 &+ Int64(number) }

    private static func place(_ path: String) -> (dev_t, ino_t) {
        var status = stat()
        guard stat(path, &status) == 0 else { return (0, 0) }
        return (status.st_dev, status.st_ino)
    }
}

extension Database {
    /// Adds a run and gives its number.
    fileprivate func startRun() throws(DatabaseError) -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let started = Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec)
        try statement("INSERT INTO runs (started) VALUES (?)").run(.integer(started))
        let run = lastInsertedRow
        guard (1..<9_000_000).contains(run) else {
            throw DatabaseError(.damaged, path: path, what: "counts \(run) runs", hint: "begin a new journal file")
        }
        return run
    }
}

extension JournalQueue.Batch {
    var unwritten: Int { clears.count + arrivals.count - writtenArrivals + endings.count }

    /// Puts each ending on its call, if the call is in the same batch, and keeps the others.
    fileprivate mutating func joinEndings() {
        guard let first = arrivals.first?.number else { return }
        var places: [Int: Int]?
        let others = endings.filter { ending in
            // One loop's numbers follow one another, so the place is known without a search.
            var place = ending.number &- first
            if !arrivals.indices.contains(place) || arrivals[place].number != ending.number {
                let known = places ?? placesByNumber()
                places = known
                place = known[ending.number] ?? -1
            }
            guard place >= 0 else { return true }
            arrivals[place].ending = ending.report
            return false
        }
        endings = others
    }

    private func placesByNumber() -> [Int: Int] {
        Dictionary(zip(arrivals.map(\.number), arrivals.indices), uniquingKeysWith: { $1 })
    }
}
