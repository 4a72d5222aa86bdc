import Delivery
import Testing

@testable import Faults

@Suite("Step list") struct StepListTests {
    private func lines(_ list: StepList) -> [String] { Bending.transcript(list.steps) }

    @Test("what is delayed takes everything after it along; a wait is prolonged, not doubled")
    func delay() throws {
        var list = StepList(Bending.stream)
        list.delay(before: 0, by: 1_000_000_000)
        list.delay(before: 1, by: 1_000_000_000)
        #expect(lines(list).prefix(3) == ["wait 2s", "head 200", "2100ms data: one⏎⏎"])
        list.delay(before: 3, by: 1_000_000_000)
        #expect(lines(list).suffix(2) == ["wait 3300ms", "end"])
    }

    @Test("the moment before a step is that of the latest thing before it")
    func moments() {
        let list = StepList([.wait(until: 5)] + Bending.stream)
        #expect((0...4).map(list.moment) == [0, 5, 5, 300_000_000, 300_000_000])
    }

    @Test("frames that move push the waits behind the run")
    func edit() {
        var list = StepList(Bending.stream)
        list.delay(before: 2, by: 50_000_000)
        list.edit(1) { $0[2].due += 1_000_000_000 }
        #expect(lines(list).suffix(3) == ["1300ms data: three⏎⏎", "wait 1350ms", "end"])
        list.edit(0) { $0 = [] }
        #expect(lines(list).first == "head 200")
    }

    @Test("no frame is due before the one ahead of it")
    func order() {
        var list = StepList(Bending.stream)
        list.edit(1) { $0[1].due = 900_000_000 }
        #expect(lines(list).prefix(4).suffix(2) == ["900ms data: two⏎⏎", "900ms data: three⏎⏎"])
    }

    @Test("a jittered run keeps its own moments when it is edited")
    func jitter() {
        guard case .frames(var run) = Bending.stream[1] else { return }
        run.script.jitter = 1
        var list = StepList([Bending.head(.unknown), .frames(run), .end])
        list.edit(1) { $0[0].bytes = [] }
        guard case .frames(let edited) = list.steps[1] else { return }
        #expect((0..<3).map(edited.due) == (0..<3).map(run.due))
    }

    @Test("counts")
    func counts() {
        #expect(StepList(Bending.stream).byteCount == 35)
        #expect(StepList(Bending.json).byteCount == 8)
        #expect(StepList([.hang]).byteCount == 0)
        #expect(StepList(Bending.json).body == Array(#"{"a": 1}"#.utf8))
        #expect(StepList(Bending.stream).body == nil)
    }

    @Test("sums saturate instead of trapping")
    func saturation() {
        #expect(StepList.later(.max, .max) == .max / 2)
        #expect(StepList.later(1, 2) == 3)
        var list = StepList([.wait(until: .max)] + Bending.stream)
        list.delay(before: 1, by: .max)
        #expect(list.moment(before: 3) == .max / 2)
    }
}
