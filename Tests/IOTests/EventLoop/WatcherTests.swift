import EventLoop
import Glibc
import Testing

@Suite("Watcher") struct WatcherTests {
    private final class Quiet: Watcher {}

    @Test("a watcher need not care for what it never asked for")
    func quiet() {
        let watcher = Quiet()
        watcher.changed(.readable)
        watcher.deadlinePassed()
        watcher.takeTurn()
    }

    @Test("events are told apart")
    func events() {
        let all: [Events] = [.readable, .writable, .peerEnded, .broken]
        #expect(Set(all.map(\.rawValue)).count == 4)
        #expect(all.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    }

    @Test("a failed system call says which it was and why")
    func errors() {
        let error = SystemError(call: "eventfd", number: EMFILE)
        #expect(error.text == "eventfd: Too many open files")
    }
}
