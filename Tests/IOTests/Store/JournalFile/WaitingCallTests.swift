import Testing

@testable import Store

@Suite("A call that waits for its row") struct WaitingCallTests {
    @Test("calls lie one behind the other, and each knows its place, its space and its ending")
    func places() {
        var batch = JournalQueue.Batch()
        batch.append(SampleCall.bare(1, space: "a"))
        let first = batch.bytes
        batch.append(SampleCall.full(2))
        #expect(batch.arrivals.map(\.number) == [1, 2])
        #expect(batch.arrivals[0].space == "a")
        #expect(batch.arrivals.map { $0.ending == nil } == [true, false])
        #expect(batch.arrivals[0].content.upperBound == batch.arrivals[1].content.lowerBound)
        #expect(batch.arrivals[1].content.upperBound == batch.content.count)
        #expect(batch.bytes > first && first > batch.arrivals[0].content.count)
    }
}
