import Delivery
import Rules
import SplitMix
import Support
import Testing

@testable import Emulator

@Suite("What a conversation has decided to say") struct MessageFlowTests {
    private func said(_ flow: inout MessageFlow, at moment: Int64) -> [Int64] {
        guard case .steps(let steps) = flow.next(now: moment) else { return [] }
        return steps.map { step in if case .wait(let until) = step { until } else { -1 } }
    }

    /// A `wait` names itself here: it stands for any step.
    @Test("leaves in the order in which it is due, and of equals in that in which it was decided", arguments: 1...20)
    func order(seed: UInt64) {
        var (flow, chance) = (MessageFlow(speed: 1), Chance(seed: seed))
        var (expected, number): ([(due: Int64, name: Int64)], Int64) = ([], 0)
        var (now, left): (Int64, Int) = (0, 0)
        for _ in 0..<400 {
            for _ in 0..<Int.random(in: 0...3, using: &chance) {
                let due = now + Int64.random(in: 0...50, using: &chance)
                number += 1
                flow.add(.wait(until: number), due: due, bytes: 1)
                let place = (expected.lastIndex { $0.due <= due }).map { $0 + 1 } ?? 0
                expected.insert((due, number), at: place)
            }
            now += Int64.random(in: 0...12, using: &chance)
            let due = expected.prefix { $0.due <= now }.map(\.name)
            #expect(said(&flow, at: now) == due)
            expected.removeFirst(due.count)
            left += due.count
            #expect(flow.backlog == expected.count)
            if let next = expected.first { #expect(flow.next(now: now) == .waits(until: next.due)) }
        }
        #expect(left > 300)
    }

    @Test("ended, it says so and nothing else")
    func ended() {
        var flow = MessageFlow(speed: 1)
        for due in 0..<100 as Range<Int64> { flow.add(.wait(until: due), due: due) }
        #expect(said(&flow, at: 60) == Array(0...60))
        flow.end()
        #expect(flow.next(now: 61) == .steps([.end]))
    }
}
