import Glibc
import Support
import Testing

@testable import UnderstudyCLI

@Suite("Console") struct ConsoleTests {
    @Test("lines go out with their ends, complaints apart from them")
    func lines() throws {
        let said = Gathered<String>()
        let console = Console { isError, bytes in
            said.add((isError ? "!" : "") + String(decoding: bytes, as: UTF8.self))
            return 0
        }
        try console.print("one")
        try console.put(Array("two".utf8))
        console.complain("three")
        #expect(said.all == ["one\n", "two", "!three\n"])
    }

    @Test("a reader that has gone is no mistake, a full disk is one; a complaint that nobody hears is dropped")
    func errors() {
        let console = { (error: Int32) in Console { _, _ in error } }
        #expect(throws: Failure.nobodyReads) { try console(EPIPE).print("x") }
        #expect(throws: Failure("standard output: No space left on device")) { try console(ENOSPC).print("x") }
        #expect(throws: Failure("standard output: Bad file descriptor")) { try console(EBADF).print("x") }
        console(EPIPE).complain("x")
    }

    @Test("everything is written, through a pipe smaller than it that does not wait")
    func nonBlocking() async throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let received = Gathered<[UInt8]>()
        let thread = RunningThread {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(reader, &buffer, buffer.count)
                guard count > 0 else { break }
                received.add(Array(buffer[..<count]))
            }
        }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(Console.writeAll(bytes, to: writer) == 0)
        close(writer)
        await thread.ended()
        #expect(Array(received.all.joined()) == bytes)
        close(reader)
    }

    @Test("a broken pipe and a closed descriptor are told by their error")
    func broken() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        #expect(Console.writeAll([1], to: ends[1]) == EPIPE)
        close(ends[1])
        #expect(Console.writeAll([1], to: -1) == EBADF)
        #expect(Console.writeAll([], to: -1) == 0)
    }
}
