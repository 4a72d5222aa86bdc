import Delivery
import Testing

@Suite("Frame run") struct FrameRunTests {
    let script = FrameScript(
        frames: (0..<50).map { .init(bytes: [UInt8($0)], offset: Int64($0) * 1_000, gap: $0 == 0 ? 0 : 1_000) })

    @Test("without jitter a frame is due at its offset after the start")
    func due() {
        let run = FrameRun(script: script, start: 500, seed: 1)
        #expect(run.range == 0..<50)
        #expect((0..<50).map(run.due) == (0..<50).map { 500 + Int64($0) * 1_000 })
    }

    @Test("jitter bends a deadline by half its share of the gap at most, keeps the order and never adds up")
    func jitter() {
        var bent = script
        bent.jitter = 1
        let run = FrameRun(script: bent, start: 0, seed: 7)
        let due = (0..<50).map(run.due)
        #expect(due == due.sorted())
        #expect(zip(due, 0..<50).allSatisfy { abs($0 - Int64($1) * 1_000) <= 500 })
        #expect(Set(zip(due, 0..<50).map { $0 - Int64($1) * 1_000 }).count > 20)
    }

    @Test("the same seed bends the same way, another one differently")
    func seeds() {
        var bent = script
        bent.jitter = 0.5
        let due = { (seed: UInt64) in (0..<50).map(FrameRun(script: bent, start: 0, seed: seed).due) }
        #expect(due(7) == due(7))
        #expect(due(7) != due(8))
    }

    @Test("runs that follow one another in one script become one that shares it")
    func neighbours() {
        var bent = script
        bent.jitter = 1
        let run = FrameRun(script: bent, start: 500, seed: 7)
        #expect(FrameRun(joining: [run.only(0..<3), run.only(3..<4), run.only(4..<50)]) == run)
        #expect(FrameRun(joining: []) == nil)
    }

    @Test("others become a run of their own: no frame is due before the one ahead of it, and none moves otherwise")
    func strangers() throws {
        let run = FrameRun(script: script, start: 500, seed: 7)
        let between = FrameRun(frame: [99], due: 2_700, bytesPerSecond: nil)
        let joined = try #require(FrameRun(joining: [run.only(1..<3), between, run.only(2..<4)]))
        #expect(joined.script.frames.map(\.bytes) == [[1], [2], [99], [2], [3]])
        #expect((0..<5).map(joined.due) == [1_500, 2_500, 2_700, 2_700, 3_500])
        #expect(joined.lastDue == 3_500)
    }

    @Test("jitter that was drawn stays when a run becomes another")
    func jitterStays() throws {
        var bent = script
        bent.jitter = 1
        let run = FrameRun(script: bent, start: 0, seed: 7)
        let joined = try #require(FrameRun(joining: [run.only(0..<2), run.only(3..<5)]))
        #expect((0..<4).map(joined.due) == [0, 1, 3, 4].map(run.due))
    }

    @Test("a range beyond the script names no frame, and an empty run ends when it starts")
    func edges() {
        let run = FrameRun(script: script, start: 9, seed: 0)
        #expect(run.only(48..<99).frameIndices == 48..<50)
        #expect(run.only(7..<7).lastDue == 9)
    }
}
