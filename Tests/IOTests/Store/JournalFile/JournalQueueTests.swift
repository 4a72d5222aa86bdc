import Journal
import Support
import Testing

@testable import Store

@Suite("The queue before the journal") struct JournalQueueTests {
    @Test("what was handed over comes out in one batch, in its order")
    func batches() {
        let queue = JournalQueue()
        for number in 1...3 { #expect(queue.add(SampleCall.bare(number))) }
        queue.end(2, SampleCall.report())
        var batch = JournalQueue.Batch()
        #expect(queue.exchange(&batch))
        #expect(batch.arrivals.map(\.number) == [1, 2, 3])
        #expect(batch.later.map(\.number) == [2])
        #expect(batch.count == 4)
        queue.close()
        #expect(!queue.exchange(&batch))
        #expect(batch.count == 0)
    }

    @Test(
        "what comes after a pause is written at once; what comes right after a writing gathers", .timeLimit(.minutes(2))
    )
    func gathering() async {
        let queue = JournalQueue(gatheringTime: 1_000_000_000_000)
        let written = Gathered<JournalQueue.Batch>()
        func writeOnce() -> RunningThread {
            RunningThread {
                var batch = written.all.last ?? JournalQueue.Batch()
                if queue.exchange(&batch) { written.add(batch) }
            }
        }
        let first = writeOnce()
        _ = queue.add(SampleCall.bare(0))
        await first.ended()
        let second = writeOnce()
        for number in 1...JournalQueue.gatheredCount { _ = queue.add(SampleCall.bare(number)) }
        await second.ended()
        #expect(written.all.map(\.count) == [1, JournalQueue.gatheredCount])
    }

    @Test("clearing takes out what waits, and only then come the calls that follow")
    func clearing() {
        let queue = JournalQueue()
        _ = queue.add(SampleCall.bare(1))
        queue.end(1, SampleCall.report())
        queue.clear()
        _ = queue.add(SampleCall.bare(2))
        var batch = JournalQueue.Batch()
        _ = queue.exchange(&batch)
        #expect(batch.clearsRun)
        #expect(batch.arrivals.map(\.number) == [2])
        #expect(batch.later.isEmpty)
        queue.finished(batch.count)
        #expect(queue.flush(nanoseconds: 1))
    }

    @Test("without room and without a writer, handing over is given up after a while")
    func noWriter() {
        let queue = JournalQueue(maximumBytes: 5_000, patience: 1_000_000)
        let accepted = (1...10).map { queue.add(SampleCall.bare($0)) }
        #expect(accepted.first == true)
        #expect(accepted.last == false)
        #expect(!queue.flush(nanoseconds: 1_000_000))
    }

    @Test("without room, loops wait for the writer and lose nothing")
    func backpressure() async {
        let queue = JournalQueue(maximumBytes: 3_000)
        let (threads, each) = (3, 400)
        let (written, refused) = (Gathered<Int>(), Gathered<Int>())
        let writer = RunningThread {
            var batch = JournalQueue.Batch()
            while written.all.count < threads * each, queue.exchange(&batch) {
                for call in batch.arrivals { written.add(call.number) }
                queue.finished(batch.count)
            }
        }
        let loops = (0..<threads).map { loop in
            RunningThread {
                for number in (loop * each)..<((loop + 1) * each) where !queue.add(SampleCall.bare(number)) {
                    refused.add(number)
                }
            }
        }
        for thread in loops + [writer] { await thread.ended() }
        #expect(refused.all == [])
        #expect(written.all.sorted() == Array(0..<(threads * each)))
    }

    @Test("once it has failed it takes everything and keeps nothing, and only the first failure counts")
    func failing() {
        let queue = JournalQueue()
        _ = queue.add(SampleCall.bare(1))
        let error = DatabaseError(.unwritable, path: "x", what: "is full")
        #expect(queue.fail(error))
        #expect(!queue.fail(DatabaseError(.unwritable, path: "x", what: "is gone")))
        #expect(queue.failure == error)
        #expect(queue.add(SampleCall.bare(2)))
        #expect(!queue.mayRetry)
        #expect(!queue.flush(nanoseconds: 1))
        var batch = JournalQueue.Batch()
        #expect(!queue.exchange(&batch))
    }
}
