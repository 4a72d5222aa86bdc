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
}
