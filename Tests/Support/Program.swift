import Foundation

/// The built `understudy` as a process of its own, for what only a process shows: signals, exit codes, the ready line,
/// pipes that break. What takes longer than 30 seconds counts as never, and is killed.
public final class Program: @unchecked Sendable {
    public enum Output: Sendable {
        case read
        /// A pipe whose reader has gone before the program begins.
        case broken
        /// A pipe that nobody empties.
        case unread
        case file(String)
    }

    public struct End: Equatable, Sendable {
        /// What it left with; nil when a signal ended it.
        public var code: Int32?
        public var output: String
        public var errors: String

        public init(code: Int32?, output: String = "", errors: String = "") {
            (self.code, self.output, self.errors) = (code, output, errors)
        }
    }

    /// Beside the tests, where the same build put it.
    public static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "understudy").path

    public let pid: pid_t
    private let output: Pipe
    private let errors: Pipe
    private let errorLog: Int32
    private var held: [UInt8] = []
    private var status: Int32?

    private struct Pipe {
        var reader: Int32 = -1
        var writer: Int32 = -1

        init(_ kind: Output) throws {
            if case .file(let path) = kind {
                writer = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
                return
            }
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            writer = ends[1]
            // Closed once: a second time it would be somebody else's descriptor.
            if case .broken = kind {
                close(ends[0])
                reader = -1
            } else {
                reader = ends[0]
            }
        }
    }

    /// Standard error goes to a file unless something else is asked for, so that nobody has to empty it.
    public init(_ words: [String], output: Output = .read, errors: Output? = nil) throws {
        let log = NSTemporaryDirectory() + "understudy-errors-" + UUID().uuidString
        // One at a time: a pipe is inherited until it says otherwise, and its end would never be seen.
        (self.output, self.errors, pid) = try Self.spawning.withLock {
            let (output, errors) = (try Pipe(output), try Pipe(errors ?? .file(log)))
            defer { for pipe in [output, errors] { close(pipe.writer) } }
            return (output, errors, try Self.spawn(words, output.writer, errors.writer))
        }
        errorLog = open(log, O_RDONLY | O_CLOEXEC)
        unlink(log)
    }

    private static let spawning = NSLock()

    /// Runs it to its end.
    public static func run(_ words: String...) throws -> End { try Program(words).end() }

    private static func spawn(_ words: [String], _ output: Int32, _ errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let error = posix_spawn(&pid, path, &actions, &attributes, &arguments, environ)
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .ENOENT) }
        return pid
    }

    deinit {
        if status == nil {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        for descriptor in [output.reader, errors.reader, errorLog] where descriptor >= 0 { close(descriptor) }
    }

    public func send(_ signal: Int32) { kill(pid, signal) }

    /// The next line of standard output without its end, or nil when there is none any more.
    public func readLine() -> String? {
        while true {
            if let end = held.firstIndex(of: UInt8(ascii: "\n")) {
                defer { held.removeFirst(end + 1) }
                return String(decoding: held[..<end], as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    private func receive() -> Bool {
        var question = pollfd(fd: output.reader, events: Int16(POLLIN), revents: 0)
        guard output.reader >= 0, poll(&question, 1, 30_000) == 1 else {
            kill(pid, SIGKILL)
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(output.reader, &buffer, buffer.count)
        if count > 0 { held += buffer[..<count] }
        return count > 0
    }

    /// Waits for it to end; what it printed that was not read yet, and what it complained of.
    public func end() -> End {
        while case .some = output.reader >= 0 ? output.reader : nil, receive() {}
        if status == nil {
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            self.status = status
        }
        let code = status.flatMap { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : nil }
        return End(code: code, output: String(decoding: held, as: UTF8.self), errors: errorText)
    }

    /// What it has complained of so far.
    public var errorText: String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while errorLog >= 0 {
            let count = pread(errorLog, &piece, piece.count, off_t(bytes.count))
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
