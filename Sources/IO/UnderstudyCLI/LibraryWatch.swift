import Glibc
import Library
import Threading

// Rules.  Whenever a library's file was edited, all of them are read again, as at the start. What is right is served from the
//         next call on; what is wrong is said, and what was served stays.
// Theory. Files are looked at, not listened to: editors write into them, rename others over them or delete them first, and
//         folders that are mounted from elsewhere tell nothing. An edit counts once two looks have seen the same: nobody
//         reads half a file. A thread of its own looks and reads, so that no call waits for a large library.

/// Looks after the files that are served.
final class LibraryWatch: @unchecked Sendable {
    private static let pause = 150_000_000
    static let keeps = "the edited library is wrong: what was served before is served still"

    private let paths: [String]
    private let read: @Sendable () throws(Failure) -> Scenario
    private let take: @Sendable (Scenario) -> Void
    private let refuse: @Sendable (Failure) -> Void
    private let lock = Lock()
    private let woken: Lock.Condition
    private var isOver = false
    private var thread: BackgroundThread?

    /// What the libraries look like before they are read: an edit that comes while they are is one, too.
    struct Beginning {
        fileprivate let sights: [Sight?]

        init(_ paths: [String]) { sights = LibraryWatch.look(at: paths) }
    }

    /// `served` is what was read since the beginning. `take` and `refuse` are called by the thread that looks.
    init(
        _ paths: [String], since beginning: Beginning, served: Scenario,
        read: @escaping @Sendable () throws(Failure) -> Scenario,
        take: @escaping @Sendable (Scenario) -> Void, refuse: @escaping @Sendable (Failure) -> Void
    ) {
        (self.paths, self.read, self.take, self.refuse) = (paths, read, take, refuse)
        woken = Lock.Condition(lock)
        let first = beginning.sights + Self.look(at: Self.files(paths, served)).dropFirst(paths.count)
        thread = BackgroundThread.start { [self] in run(first, served) }.thread
    }

    func stop() {
        lock.held {
            isOver = true
            woken.wakeAll()
        }
        thread?.join()
    }

    private func run(_ first: [Sight?], _ served: Scenario) {
        var (taken, last) = (first, first)
        var files = Self.files(paths, served)
        while waits() {
            let now = Self.look(at: files)
            let isStill = now == last
            last = now
            guard now != taken, isStill else { continue }
            // An edit that comes while they are read is the next one.
            taken = now
            guard let scenario = readAgain() else { continue }
            let known = Dictionary(zip(files, now), uniquingKeysWith: { first, _ in first })
            files = Self.files(paths, scenario)
            taken = files.map { path in if let sight = known[path] { sight } else { Self.look(at: [path])[0] } }
        }
    }

    private func readAgain() -> Scenario? {
        do throws(Failure) {
            let scenario = try read()
            take(scenario)
            return scenario
        } catch {
            refuse(error)
            return nil
        }
    }

    /// False once it is over.
    private func waits() -> Bool {
        lock.held {
            if !isOver { woken.wait(nanoseconds: Self.pause) }
            return !isOver
        }
    }

    // MARK: Looking

    /// What tells one state of a file from another; nil for a file that is not there.
    fileprivate struct Sight: Equatable {
        let file: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int
    }

    /// The libraries, what SQLite writes beside them, and the files whose bytes replies are.
    private static func files(_ paths: [String], _ scenario: Scenario) -> [String] {
        paths + paths.map { $0 + "-wal" }
            + paths.flatMap { path in scenario.fileNames.map { FileBytes.beside(path, $0) } }
    }

    fileprivate static func look(at files: [String]) -> [Sight?] {
        files.map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return Sight(
                file: UInt64(status.st_ino), size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
                nanoseconds: Int(status.st_mtim.tv_nsec))
        }
    }
}
