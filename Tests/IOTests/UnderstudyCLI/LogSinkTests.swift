import Glibc
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Where the log goes") struct LogSinkTests {
    /// A pipe; what is in it is read without waiting.
    private final class Pipe {
        let reader: Int32
        let writer: Int32

        init() {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            _ = pipe(&ends)
            (reader, writer) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        }

        deinit {
            close(reader)
            close(writer)
        }

        func readAll() -> String {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reader, &piece, piece.count)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += piece[..<count]
            }
        }
    }

    @Test("lines come out in their order when it is flushed")
    func order() {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writer)
        sink.append("one")
        sink.append("two")
        #expect(pipe.readAll() == "")
        sink.flush()
        sink.flush()
        #expect(pipe.readAll() == "one\ntwo\n")
    }

    @Test("a full pipe is no reason to wait; what was lost is said when there is room")
    func full() {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writer, most: 10_000)
        let line = String(repeating: "x", count: 99)
        // The pipe takes 65,536 bytes and the sink about 10,000.
        for _ in 0..<1_000 {
            sink.append(line)
            sink.flush()
        }
        var read = ""
        while true {
            let piece = pipe.readAll()
            if piece.isEmpty { break }
            read += piece
            sink.flush()
        }
        let lines = read.split(separator: "\n")
        let kept = lines.filter { $0 == line }.count
        #expect(kept > 655 && kept < 1_000)
        #expect(lines.last == "(\(1_000 - kept) lines of this log were lost)")
        #expect(lines.count == kept + 1)
    }

    @Test("a reader that has gone, or a descriptor that is none, is no trouble")
    func gone() {
        var ends: [Int32] = [0, 0]
        signal(SIGPIPE, SIG_IGN)
        _ = pipe(&ends)
        close(ends[0])
        for descriptor in [ends[1], -1] {
            let sink = LogSink(descriptor: descriptor, most: 100)
            for _ in 0..<100 {
                sink.append("line")
                sink.flush()
            }
        }
        close(ends[1])
    }

    @Test("threads may write at once: every line is whole")
    func threads() async {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writer)
        let threads = (0..<2).map { name in
            RunningThread {
                for number in 0..<500 {
                    sink.append("\(name)-\(number)")
                    sink.flush()
                }
            }
        }
        for thread in threads { await thread.ended() }
        let lines = pipe.readAll().split(separator: "\n")
        #expect(Set(lines).count == 1_000 && lines.count == 1_000)
        for name in 0..<2 {
            #expect(lines.filter { $0.hasPrefix("\(name)-") } == (0..<500).map { "\(name)-\($0)" })
        }
    }
}
