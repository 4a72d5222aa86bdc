import CShims
import EventLoop
import Glibc

/// Another program that runs until its output ends: no shell, nothing on its standard input, its errors to ours.
final class RunningCommand: Watcher {
    struct Failure: Error, Equatable {
        var reason: String
    }

    private let loop: Loop
    private var id = WatchID.none
    private var process: pid_t = 0
    private var output: Int32 = -1
    private var content: [UInt8] = []
    private var finished: ((Result<[UInt8], Failure>) -> Void)?
    private static let most = 65_536

    /// `finished` is told once, from the loop or at once.
    init(
        _ words: [String], loop: Loop, patience: Int64, finished: @escaping (Result<[UInt8], Failure>) -> Void
    ) {
        self.loop = loop
        self.finished = finished
        begin(words, patience)
    }

    private func begin(_ words: [String], _ patience: Int64) {
        let end = shim_pipe(&output)
        guard end >= 0 else { return finish(.failure(Failure(reason: "has no pipe"))) }
        let error = start(words, writing: end)
        Glibc.close(end)
        guard error == 0, let id = try? loop.add(self, descriptor: output) else {
            return finish(.failure(Failure(reason: "does not start: \(String(cString: shim_error_text(error)))")))
        }
        self.id = id
        loop.setDeadline(loop.now &+ patience, for: id)
    }

    /// Signals that the server blocks for itself reach the program.
    private func start(_ words: [String], writing end: Int32) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, end, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        return posix_spawnp(&process, words[0], &actions, &attributes, &arguments, shim_environment())
    }

    func changed(_ events: Events) {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while finished != nil {
            let count = Glibc.read(output, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return }
            guard count > 0, content.count <= Self.most else { return ended() }
            content += piece[..<count]
        }
    }

    /// Its output has ended; it may take another moment to go.
    private func ended() {
        var status: Int32 = 0
        for _ in 0..<50 {
            if waitpid(process, &status, WNOHANG) != 0 { break }
            usleep(1_000)
        }
        process = 0
        let code = (status >> 8) & 0xFF
        if content.count > Self.most { return finish(.failure(Failure(reason: "says too much"))) }
        finish(status == 0 ? .success(content) : .failure(Failure(reason: "failed with status \(code)")))
    }

    func deadlinePassed() { finish(.failure(Failure(reason: "did not end in time"))) }

    private func finish(_ result: Result<[UInt8], Failure>) {
        guard let finished else { return }
        self.finished = nil
        if id != .none { loop.remove(id) }
        if output >= 0 { Glibc.close(output) }
        if process > 0 {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        finished(result)
    }
}
