import Delivery
import Testing

@Suite("Dripping run") struct DrippingRunTests {
    private func run(_ bytes: Int, perSecond: Int) -> FrameRun {
        let frame = FrameScript.Frame(bytes: Array(repeating: 1, count: bytes), offset: 0, gap: 0)
        return FrameRun(script: FrameScript(frames: [frame]), start: 1_000, seed: 1, bytesPerSecond: perSecond)
    }

    @Test(
        "the pieces are the frame, in order, the last due when all its bytes are",
        arguments: [(1, 1), (10, 3), (1_000, 100), (1_001, 10_000), (65_536, 1_000_000_000), (7, 49)])
    func pieces(bytes: Int, perSecond: Int) {
        let run = run(bytes, perSecond: perSecond)
        let pieces = (0..<run.pieceCount(of: 0)).map { run.piece($0, of: 0) }
        #expect(pieces.flatMap { Array($0.bytes) } == Array(0..<bytes))
        #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.due < $1.due })
        #expect(pieces.last?.due == 1_000 + Int64(bytes) * 1_000_000_000 / Int64(perSecond))
    }

    @Test("a piece is a fiftieth of a second, or a byte")
    func size() {
        #expect(run(1_000, perSecond: 500).piece(0, of: 0).bytes == 0..<10)
        #expect(run(1_000, perSecond: 500).piece(0, of: 0).due == 20_001_000)
        #expect(run(1_000, perSecond: 3).piece(1, of: 0).bytes == 1..<2)
    }

    @Test("a run without a rate leaves whole, at once")
    func whole() {
        var whole = run(1_000, perSecond: 1)
        whole.bytesPerSecond = nil
        #expect(whole.pieceCount(of: 0) == 1)
        #expect(whole.piece(0, of: 0) == (0..<1_000, 1_000))
    }

    @Test("a hundred megabytes at a byte a second overflow nothing")
    func extremes() {
        #expect(run(1, perSecond: 1).duration(of: 100_000_000) == 100_000_000_000_000_000)
        #expect(run(1, perSecond: .max).duration(of: 100) == 0)
    }
}
