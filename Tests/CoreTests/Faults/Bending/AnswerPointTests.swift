import Delivery
import Testing

@testable import Faults

@Suite("Points of an answer") struct AnswerPointTests {
    private func passed(_ steps: [Step]) -> AnswerSoFar {
        var passed = AnswerSoFar()
        for step in steps { passed.note(step) }
        return passed
    }

    private func bend(_ steps: [Step], _ benders: any StepBender...) -> (steps: [Step], reasons: [String?]) {
        let bent = BentSource.bend(ScriptedSource(steps), through: benders)
        return (bent.script.steps, bent.reasons)
    }

    @Test("what has passed: bytes of any body, frames of a stream, and the moment of the latest thing")
    func counts() {
        #expect(passed(Bending.stream).bytes == 35 && passed(Bending.stream).frames == 3)
        #expect(passed(Bending.json).bytes == 8 && passed(Bending.json).frames == 0)
        #expect(passed([.hang]).bytes == 0 && passed([.hang]).head == nil)
        let late = [Step.wait(until: 5)] + Bending.stream
        #expect((0...4).map { passed(Array(late[..<$0])).moment } == [0, 5, 5, 300_000_000, 300_000_000])
    }

    @Test("cutting after every byte leaves exactly those bytes", arguments: [Bending.stream, Bending.json])
    func everyByte(steps: [Step]) throws {
        let whole = passed(steps).bytes
        for count in 0...whole {
            let cut = bend(steps, CutBender(at: .afterBytes(count), then: .reset))
            #expect(passed(cut.steps).bytes == count && cut.steps.last == .reset && cut.reasons == [nil])
        }
        let beyond = bend(steps, CutBender(at: .afterBytes(whole + 1), then: .reset))
        #expect(beyond.steps == steps && beyond.reasons == ["the body has only \(whole) bytes"])
    }

    @Test("cutting after every frame leaves exactly those frames")
    func everyFrame() throws {
        for count in 0...3 {
            let cut = bend(Bending.stream, CutBender(at: .afterFrames(count), then: .close))
            #expect(Bending.transcript(cut.steps).count == count + 2)
        }
        let one = bend(Bending.stream(["data: 1\n\n"]), CutBender(at: .afterFrames(2), then: .close))
        #expect(one.reasons == ["the reply has only 1 frame"])
    }

    @Test(
        "a pause after every byte changes no byte and makes nothing earlier", arguments: [Bending.stream, Bending.json])
    func pauses(steps: [Step]) throws {
        for count in 0...passed(steps).bytes {
            let late = bend(steps, DelayBender(at: .afterBytes(count), by: 1_000_000_000))
            #expect(passed(late.steps).bytes == passed(steps).bytes && late.reasons == [nil])
            #expect(passed(late.steps).moment == passed(steps).moment + 1_000_000_000)
        }
    }

    @Test("without a head there is no point but the start")
    func noHead() {
        for point in [AnswerPoint.beforeHead, .afterHead, .afterFrames(0), .afterBytes(0)] {
            let reset = bend([.reset], CutBender(at: point, then: .close))
            #expect(reset.steps == [.reset] && reset.reasons == ["nothing of the answer is left"])
        }
        let start = bend([.reset], CutBender(at: .start, then: .close))
        #expect(start.steps == [.close] && start.reasons == [nil])
    }

    @Test("what is delayed takes everything after it along; a wait is prolonged, not doubled")
    func delay() throws {
        let second: Int64 = 1_000_000_000
        let late = bend(
            Bending.stream, DelayBender(at: .beforeHead, by: second), DelayBender(at: .beforeHead, by: second),
            DelayBender(at: .afterFrames(3), by: second))
        #expect(
            Bending.transcript(late.steps) == [
                "wait 2s", "head 200", "2100ms data: one⏎⏎", "2200ms data: two⏎⏎", "2300ms data: three⏎⏎",
                "wait 3300ms",
                "end",
            ])
    }

    @Test("sums saturate instead of trapping")
    func saturation() {
        let late = bend([.wait(until: .max / 2)] + Bending.stream, DelayBender(at: .beforeHead, by: .max))
        #expect(passed(late.steps).moment == .max / 2)
    }

    @Test("the half of a frame that drips follows when the other half has left")
    func dripping() throws {
        let run = FrameRun(frame: Array("12345678".utf8), due: 0, bytesPerSecond: 4)
        let late = bend(
            [Bending.head(.known(8)), .frames(run), .end], DelayBender(at: .afterBytes(4), by: 1_000_000_000))
        #expect(
            Bending.transcript(late.steps) == ["head 200, 8 bytes", "0s 1234, 4 B/s", "2s 5678, 4 B/s", "end"])
    }
}
