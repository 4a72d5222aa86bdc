import Threading
import Glibc

/// Where the log goes: standard error, and never a reason to wait. A pipe that nobody empties would stop the server in
/// the middle of its calls; lines that do not fit are lost, and that is said when there is room again.
final class LogSink: @unchecked Sendable {
    private struct Waiting {
        var bytes: [UInt8] = []
        var lost = 0
        /// What stands below the last line on a terminal, and what is to stand there.
        var shown = ""
        var status = ""
    }

    /// What a pipe takes without waiting once it says that it takes anything (POSIX: PIPE_BUF).
    private static let piece = 4_096
    private let most: Int
    private let descriptor: Int32
    private let lock = Lock()
    private var waiting = Waiting()

    init(descriptor: Int32 = 2, most: Int = 1 << 20) {
        self.descriptor = descriptor
        self.most = most
    }

    func append(_ line: String) {
        lock.held {
            guard waiting.bytes.count < most else {
                waiting.lost += 1
                return
            }
            waiting.bytes.append(contentsOf: line.utf8)
            waiting.bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// From now on stands below the last line, on a terminal: each time over what stood there before.
    func show(_ status: String) { lock.held { waiting.status = status } }

    /// Writes what there is room for.
    func flush() {
        lock.held {
            placeStatus()
            writeWaiting()
            guard waiting.bytes.isEmpty, waiting.lost > 0 else { return }
            waiting.bytes.append(
                contentsOf: Array("(\(Spelling.count(waiting.lost, "line")) of this log were lost)\n".utf8))
            waiting.lost = 0
            writeWaiting()
        }
    }

    /// ECMA-48: carriage return, and what is to the right of it erased.
    private func placeStatus() {
        guard waiting.status != waiting.shown || !waiting.shown.isEmpty && !waiting.bytes.isEmpty else { return }
        if !waiting.shown.isEmpty { waiting.bytes = Array("\r\u{1B}[K".utf8) + waiting.bytes }
        waiting.bytes += Array(waiting.status.utf8)
        waiting.shown = waiting.status
    }

    private func writeWaiting() {
        var start = 0
        while start < waiting.bytes.count, hasRoom {
            let end = min(start + Self.piece, waiting.bytes.count)
            let count = waiting.bytes[start..<end].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            start += count
        }
        waiting.bytes.removeFirst(start)
    }

    private var hasRoom: Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&question, 1, 0) == 1 && question.revents & Int16(POLLOUT) != 0
    }
}
