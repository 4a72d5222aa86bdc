import CShims
import EventLoop
import Glibc
import Support
import Testing

@Suite("Loop") struct LoopTests {
    private final class Recorder: Watcher {
        var heard: [String] = []
        var onChange: () -> Void = {}
        var onDeadline: () -> Void = {}

        func changed(_ events: Events) {
            heard.append("changed")
            onChange()
        }
        func deadlinePassed() {
            heard.append("deadline")
            onDeadline()
        }
        func takeTurn() { heard.append("turn") }
    }

    @Test("deadlines are absolute: each passes at or after its moment, in order")
    func deadlines() throws {
        let loop = try Loop()
        let start = loop.now
        var passed: [(Int, Int64)] = []
        for number in [3, 1, 2] {
            let recorder = Recorder()
            let id = try loop.add(recorder)
            loop.setDeadline(start + Int64(number) * 2_000_000, for: id)
            recorder.onDeadline = { [unowned loop] in
                passed.append((number, loop.now - start))
                if number == 3 { loop.stop() }
            }
        }
        loop.run()
        #expect(passed.map(\.0) == [1, 2, 3])
        for (number, after) in passed { #expect(after >= Int64(number) * 2_000_000) }
    }

    @Test("an event that was fetched for a watcher removed in the same turn reaches nobody")
    func staleEvents() throws {
        let loop = try Loop()
        var ends: [Int32] = [0, 0, 0, 0]
        #expect(ends.withUnsafeMutableBufferPointer { pipe($0.baseAddress!) } == 0)
        #expect(ends.withUnsafeMutableBufferPointer { pipe($0.baseAddress! + 2) } == 0)
        let recorders = [Recorder(), Recorder()]
        let ids = [try loop.add(recorders[0], descriptor: ends[0]), try loop.add(recorders[1], descriptor: ends[2])]
        recorders[0].onChange = { loop.remove(ids[1]) }
        recorders[1].onChange = { loop.remove(ids[0]) }
        write(ends[1], "x", 1)
        write(ends[3], "x", 1)
        loop.turn()
        #expect(recorders.flatMap(\.heard) == ["changed"])
        for end in ends { close(end) }
    }

    @Test("a watcher that asked for a later turn gets it without anything else happening")
    func laterTurn() throws {
        let loop = try Loop()
        let recorder = Recorder()
        let id = try loop.add(recorder)
        loop.takeTurnLater(id)
        loop.turn()
        #expect(recorder.heard == ["turn"])
        loop.takeTurnLater(id)
        loop.remove(id)
        loop.turn()
        #expect(recorder.heard == ["turn"])
    }

    @Test("the wall clock and the monotonic clock of a loop run together")
    func clocks() throws {
        let loop = try Loop()
        let before = shim_wall()
        let between = loop.wall(at: loop.now)
        let after = shim_wall()
        #expect(before - 1_000_000_000 < between && between < after + 1_000_000_000)
    }
}
