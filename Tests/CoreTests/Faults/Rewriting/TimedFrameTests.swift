import Delivery
import Testing

@testable import Faults

@Suite("Timed frame") struct TimedFrameTests {
    @Test("a run, taken apart and put together, is due as before")
    func roundTrip() {
        guard case .frames(let run) = Bending.stream[1] else { return }
        var part = run
        part.range = 1..<99
        let frames = TimedFrame.frames(of: part)
        #expect(frames.map(\.due) == [200_000_000, 300_000_000])
        let again = TimedFrame.run(of: frames, like: part)
        #expect(again.range == 0..<2)
        #expect((0..<2).map(again.due) == frames.map(\.due))
        #expect(again.lastDue == 300_000_000)
    }

    @Test("an empty run ends when it starts")
    func empty() {
        let run = FrameRun(script: FrameScript(frames: []), start: 9, seed: 0)
        #expect(run.lastDue == 9)
        #expect(TimedFrame.frames(of: run) == [])
    }
}
