import Delivery
import Testing

@Suite("Step benders") struct StepBenderTests {
    /// Gives every step as often as told, and holds back so many bodies.
    private struct Copying: StepBender {
        var times = 1
        var holds = 0
        var held: [Step] = []

        mutating func bend(_ step: Step, into bent: inout [Step]) {
            if held.count < holds { return held.append(step) }
            bent += Array(repeating: step, count: times)
        }

        mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
            bent += held + [last]
            return held.isEmpty ? nil : "held \(held.count)"
        }
    }

    /// Ends the answer after so many steps.
    private struct Cutting: StepBender {
        var left: Int

        mutating func bend(_ step: Step, into bent: inout [Step]) {
            left -= 1
            bent.append(left < 0 ? .reset : step)
        }

        mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
            bent.append(last)
            return "too short"
        }
    }

    /// One step each time it is asked, and a while before each.
    private struct Slow: StepSource {
        var steps: [Step]
        var isTime = true

        mutating func next(now: Int64) -> NextSteps {
            isTime.toggle()
            return isTime ? .steps([steps.removeFirst()]) : .waits(until: now + 1)
        }
    }

    private let bodies: [Step] = [.body([1]), .body([2]), .body([3]), .end]

    @Test("each sees what the one before it left; none, one or several for a step")
    func chain() {
        let bent = BentSource.bend(
            ScriptedSource(bodies), through: [Copying(times: 2), Cutting(left: 3), Copying(holds: 1)])
        #expect(bent.script.steps == [.body([1]), .body([2]), .body([1]), .reset])
        #expect(bent.reasons == [nil, nil, "held 1"])
    }

    @Test("what was held back leaves with the last step")
    func flush() {
        let bent = BentSource.bend(ScriptedSource(bodies), through: [Copying(holds: 9)])
        #expect(bent.script.steps == bodies && bent.reasons == ["held 3"])
        let short = BentSource.bend(ScriptedSource(bodies), through: [Cutting(left: 3)])
        #expect(short.script.steps == bodies && short.reasons == ["too short"])
    }

    @Test("a flow waits when its source waits, gives what came of each step, and asks on when that is nothing")
    func flow() {
        var source = BentSource(Slow(steps: bodies), through: [Copying(times: 2), Copying(holds: 1)])
        #expect(source.next(now: 5) == .waits(until: 6))
        #expect(source.next(now: 6) == .steps([.body([1])]))
        #expect(source.next(now: 7) == .waits(until: 8))
        #expect(source.next(now: 8) == .steps([.body([2]), .body([2])]))
        #expect(source.reasons == [nil, nil])
        #expect(source.next(now: 9) == .waits(until: 10))
        #expect(source.next(now: 10) == .steps([.body([3]), .body([3])]))
        #expect(source.next(now: 11) == .waits(until: 12))
        #expect(source.next(now: 12) == .steps([.body([1]), .end]))
        #expect(source.reasons == [nil, "held 1"])
    }

    @Test("when a flow is cut, it ended there for those before: what they wait for never comes")
    func cutFlow() {
        var source = BentSource(Slow(steps: bodies, isTime: false), through: [Cutting(left: 3), Cutting(left: 1)])
        #expect(source.next(now: 0) == .steps([.body([1])]))
        _ = source.next(now: 1)
        #expect(source.next(now: 2) == .steps([.reset]))
        #expect(source.reasons == ["too short", nil])
    }

    @Test("waits that follow one another are the latest of them")
    func waits() {
        let steps: [Step] = [.wait(until: 7), .wait(until: 5), .body([1]), .wait(until: 9), .end]
        #expect(
            BentSource.bend(ScriptedSource(steps), through: []).script.steps == [
                .wait(until: 7), .body([1]), .wait(until: 9), .end,
            ])
    }
}
