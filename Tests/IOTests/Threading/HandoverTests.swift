import Support
import Testing

@testable import Threading

@Suite("Values from one thread to another") struct HandoverTests {
    @Test("come in their order, and the giver is never more than so many ahead")
    func order() async {
        let handover = Handover<Int>(most: 2)
        let given = Gathered<Int>()
        let giver = RunningThread {
            for number in 0..<100 where handover.give(number) { given.add(number) }
            handover.end()
        }
        var taken: [Int] = []
        while let number = handover.take() {
            taken.append(number)
            // Two lie there, and one more may have been given since this one was taken.
            #expect(given.all.count <= taken.count + 3)
        }
        await giver.ended()
        #expect(taken == Array(0..<100) && handover.take() == nil)
    }

    @Test("whoever takes no more lets the giver go")
    func refused() async {
        let handover = Handover<Int>(most: 1)
        #expect(handover.give(1))
        let answers = Gathered<Bool>()
        let giver = RunningThread { answers.add(handover.give(2)) }
        handover.refuse()
        await giver.ended()
        #expect(answers.all == [false] && !handover.give(3))
        handover.end()
        #expect(handover.take() == nil)
    }
}
