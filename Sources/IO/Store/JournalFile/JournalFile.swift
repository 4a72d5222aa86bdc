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
    private(set) var run: Int64
    /// How many calls there are, once they were counted.
    private var count: Int?
    /// Calls that have not ended, by their numbers, and how their streams were to run: what happens later says only how
    /// late each frame was.
    private var open: [Int: Open] = [:]
    /// Those that this transaction adds to them.
    private var opened: [(number: Int, call: Open)] = []
    /// Those that it ends.
    private var ended: [Int] = []

    private struct Open {
        var id: Int64
        var run: FrameRun?
    }

    init(path: String, limit: Int?) throws(DatabaseError) {
        self.path = path
        self.limit = limit.map { max(0, $0) }
        var run: Int64 = 0
        let database = try Database.writing(path, pageSize: Self.pageSize, mode: 0o600) {
            (database) throws(DatabaseError) in
            run = try database.startRun()
        }
        self.run = run
        self.database = database
        insertion = try database.statement(CallRow.insert)
        updating = try database.statement(CallRow.update)
        try database.run(
            """
            PRAGMA wal_autocheckpoint = 1000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA secure_delete = OFF;
            """)
        place = Self.place(path)
    }

    func close() { database.close() }

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
        (opened, ended) = ([], [])
        do throws(DatabaseError) {
            try database.transaction { () throws(DatabaseError) in
                if batch.clearsRun { try clear() }
                for call in arrivals { try insert(call, batch.content) }
                if isLast {
                    for event in batch.later { try update(event, batch.content) }
                    for mark in batch.marks { try database.insert(mark, run: run) }
                }
                try keepLimit(added: arrivals.count)
            }
        } catch {
            (run, count) = before
            throw error
        }
        if batch.clearsRun { open = [:] }
        for (number, call) in opened { open[number] = call }
        if isLast { for number in ended { open[number] = nil } }
        batch.clearsRun = false
        batch.writtenArrivals = arrivals.endIndex
        if isLast { (batch.later, batch.marks) = ([], []) }
    }

    private func insert(_ call: JournalQueue.Arrival, _ content: [UInt8]) throws(DatabaseError) {
        let record = CallRecord(bytes: content, arrival: call.place, later: call.later, frames: call.frames)
        let frameRun = call.frames.isEmpty ? nil : record.frameRun
        defer { insertion.letGo() }
        try CallRow.bind(record, of: frameRun, id: Self.id(run, call.number), to: insertion)
        if try !insertion.runBoundUnlessTaken() {
            // A number that was there before: the numbers have started again, so this is a run of its own.
            run = try database.startRun()
            try insertion.bind(1, Self.id(run, call.number))
            try insertion.runBound()
        }
        if !record.has(.outcome) { opened.append((call.number, Open(id: Self.id(run, call.number), run: frameRun))) }
        withExtendedLifetime(record) {}
    }

    private func update(_ event: JournalQueue.LaterEvent, _ content: [UInt8]) throws(DatabaseError) {
        guard let call = open[event.number] else { return }
        let record = CallRecord(bytes: content, later: event.place)
        defer { updating.letGo() }
        try CallRow.bind(record, of: call.run, id: call.id, to: updating)
        try updating.runBound()
        if record.has(.outcome) { ended.append(event.number) }
        withExtendedLifetime(record) {}
    }

    private func clear() throws(DatabaseError) {
        try database.statement("DELETE FROM calls WHERE id >= ?").run(.integer(Self.id(run, 0)))
        try database.statement("DELETE FROM marks WHERE run >= ?").run(.integer(run))
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
    static func id(_ run: Int64, _ number: Int) -> Int64 { run &* 1_000_000_000_000 &+ Int64(number) }

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
