import Delivery
import HTTPWire
import Testing

@Suite("Step") struct StepTests {
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

    @Test("a whole answer is a head, a body where there is one, and an end")
    func parts() {
        let head = ResponseHead(status: 200, fields: FieldBlock(), length: .known(1))
        #expect(Step.whole(head, [1]).parts == [.head(head), .body([1]), .end])
        #expect(Step.whole(head, []).parts == [.head(head), .end])
        #expect(Step.wait(until: 1).parts == [.wait(until: 1)])
        #expect(Step.whole(head, []).isLast && Step.hang.isLast && !Step.body([1]).isLast)
    }

    @Test("a step that is later is due later, and never not at all")
    func later() throws {
        #expect(Step.wait(until: 1).later(by: 2) == .wait(until: 3))
        #expect(Step.frames(run()).later(by: 5).lastDue == run().lastDue + 5)
        #expect(Step.body([1]).later(by: 2) == .body([1]))
        #expect(Step.wait(until: .max).later(by: .max) == .wait(until: .max / 2))
    }

    @Test("a few frames of a run hasten like the whole of it")
    func hastenedPart() throws {
        let whole = run(jitter: 1)
        guard case .frames(let part) = Step.frames(whole.only(1..<3)).hastened(by: 2) else { throw NoFrames() }
        for index in 1..<3 { #expect(abs(part.due(index - 1) * 2 - whole.due(index)) <= 4) }
    }

    @Test("times that nothing holds become never, which still adds up")
    func bounds() {
        #expect(Int64.max.later(by: 1) == .max / 2)
        #expect((Int64.max / 2).later(by: .max / 2) == .max / 2)
        #expect(Int64.max.divided(by: 0.001) == .max / 2)
        #expect(Int64(5).multiplied(by: 2) == 10 && Int64(6).multiplied(by: 0.5) == 3)
        // What comes at `max`, or after a long time of a fast space, is late and not never.
        for (elapsed, speed) in [(Int64(0), Double.infinity), (5, .infinity), (.max / 3, 2), (1 << 60, 1_000_000)] {
            #expect(elapsed.multiplied(by: speed) == .latest)
        }
        #expect(Int64.latest.divided(by: .infinity) == 0 && Int64.latest.later(by: 1) < .max / 2)
    }

    private struct NoFrames: Error {}
}
