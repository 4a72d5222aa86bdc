import Delivery
import Testing

@testable import Faults

@Suite("Points") struct PointsTests {
    @Test("cutting after every byte leaves exactly those bytes", arguments: [Bending.stream, Bending.json])
    func everyByte(steps: [Step]) throws {
        let whole = StepList(steps).byteCount
        for count in 0...whole {
            var list = StepList(steps)
            list.cut(at: try list.point(afterBytes: count), then: [.reset])
            #expect(list.byteCount == count)
            #expect(list.steps.last == .reset)
        }
        var list = StepList(steps)
        #expect(throws: NotApplicable("the body has only \(whole) bytes")) { try list.point(afterBytes: whole + 1) }
        #expect(list.steps == steps)
    }

    @Test("cutting after every frame leaves exactly those frames")
    func everyFrame() throws {
        for count in 0...3 {
            var list = StepList(Bending.stream)
            list.cut(at: try list.point(afterFrames: count), then: [.close])
            #expect(Bending.transcript(list.steps).count == count + 2)
        }
        let one = StepList(Bending.stream(["data: 1\n\n"]))
        #expect(throws: NotApplicable("the reply has only 1 frame")) { try one.point(afterFrames: 2) }
    }

    @Test(
        "a pause after every byte changes no byte and makes nothing earlier", arguments: [Bending.stream, Bending.json])
    func pauses(steps: [Step]) throws {
        for count in 0...StepList(steps).byteCount {
            var list = StepList(steps)
            list.delay(at: try list.point(afterBytes: count), by: 1_000_000_000)
            #expect(list.byteCount == StepList(steps).byteCount)
            #expect(
                list.moment(before: list.steps.count) == StepList(steps).moment(before: steps.count) + 1_000_000_000)
        }
    }

    @Test("without a head there is no point")
    func noHead() {
        var list = StepList([.reset])
        #expect(throws: NotApplicable("nothing of the answer is left")) { try list.pointAfterHead() }
        #expect(throws: NotApplicable("nothing of the answer is left")) { try list.point(afterFrames: 0) }
        #expect(throws: NotApplicable("nothing of the answer is left")) { try list.point(afterBytes: 0) }
    }
}
