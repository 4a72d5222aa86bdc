import Delivery
import HTTPWire
import Testing

@Suite("Step times") struct StepTimesTests {
    private func run(start: Int64 = 1_000, jitter: Double = 0, bytesPerSecond: Int? = nil) -> FrameRun {
        let frames = (0..<3).map { FrameScript.Frame(bytes: [1, 2], offset: Int64($0) * 500, gap: $0 == 0 ? 0 : 500) }
        return FrameRun(
            script: FrameScript(frames: frames, jitter: jitter), start: start, seed: 7, bytesPerSecond: bytesPerSecond)
    }

    @Test("at twice the speed everything is due in half the time; at half the speed in twice")
    func hastened() throws {
        #expect(Step.wait(until: 1_001).hastened(by: 2) == .wait(until: 500))
        for (speed, dues) in [(2.0, [500, 750, 1_000]), (0.5, [2_000, 3_000, 4_000])] {
            guard case .frames(let fast) = Step.frames(run()).hastened(by: speed) else { throw NoFrames() }
            #expect((0..<3).map(fast.due) == dues.map(Int64.init))
        }
        for step in [Step.body([1]), .end, .close, .reset, .hang] { #expect(step.hastened(by: 3) == step) }
    }

    @Test("jitter shrinks with its gaps, and what drips drips faster")
    func jitterAndDrip() throws {
        let slow = run(jitter: 1, bytesPerSecond: 100)
        guard case .frames(let fast) = Step.frames(slow).hastened(by: 2) else { throw NoFrames() }
        for index in 0..<3 { #expect(abs(fast.due(index) * 2 - slow.due(index)) <= 4) }
        #expect(fast.bytesPerSecond == 200)
        guard case .frames(let slowest) = Step.frames(slow).hastened(by: 0.001) else { throw NoFrames() }
        #expect(slowest.bytesPerSecond == 1)
    }

    @Test("an answer is complete when its last wait is over and its last byte is due")
    func lastDue() {
        #expect([Step.wait(until: 7), .body([1]), .end].lastDue == 7)
        #expect([Step.frames(run()), .wait(until: 7), .end].lastDue == 2_000)
        #expect([Step.frames(run(bytesPerSecond: 2))].lastDue == 1_000_002_000)
        #expect([Step.end].lastDue == 0)
        #expect([Step.frames(FrameRun(script: FrameScript(frames: []), start: 9, seed: 1))].lastDue == 9)
    }

    @Test("what is due until a moment stays, and then the connection ends")
    func cut() {
        func left(_ steps: [Step], _ moment: Int64) -> [String] {
            steps.cut(after: moment).map { step in
                switch step {
                case .wait(let until): "wait \(until)"
                case .frames(let run): "frames \(run.range)"
                case .close: "close"
                default: "other"
                }
            }
        }
        let steps = [Step.wait(until: 100), .body([1]), .frames(run()), .end]
        #expect(left(steps, 99) == ["wait 99", "close"])
        #expect(left(steps, 1_499) == ["wait 100", "other", "frames 0..<1", "wait 1499", "close"])
        #expect(left(steps, 1_500) == ["wait 100", "other", "frames 0..<2", "wait 1500", "close"])
        #expect(left(steps, 999) == ["wait 100", "other", "frames 0..<0", "wait 999", "close"])
        #expect(steps.cut(after: 2_000) == steps)
    }

    @Test("times that nothing holds become never, which still adds up")
    func bounds() {
        #expect(Int64.max.later(by: 1) == .max / 2)
        #expect((Int64.max / 2).later(by: .max / 2) == .max / 2)
        #expect(Int64.max.divided(by: 0.001) == .max / 2)
    }

    private struct NoFrames: Error {}
}
