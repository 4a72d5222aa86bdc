import Threading
import Support
import Testing

@Suite("Lock") struct LockTests {
    private final class Counter: @unchecked Sendable { var value = 0 }

    @Test("what two threads do under one lock happens one after the other")
    func exclusion() async {
        let (lock, counter) = (Lock(), Counter())
        let threads = (0..<2).map { _ in
            RunningThread { for _ in 0..<100_000 { lock.held { counter.value += 1 } } }
        }
        for thread in threads { await thread.ended() }
        #expect(counter.value == 200_000)
    }

    @Test("an error lets go of the lock")
    func errors() {
        struct Refusal: Error {}
        let lock = Lock()
        #expect(throws: Refusal.self) { try lock.held { throw Refusal() } }
        #expect(lock.held { true })
    }

    /// What the tests below wait for: under `lock`, and nothing else touches it.
    private final class Table: @unchecked Sendable {
        let lock = Lock()
        var waiting = 0
        var isLaid = false
        var served = 0

        func wait(for condition: Lock.Condition, telling arrival: Lock.Condition) {
            lock.held {
                waiting += 1
                arrival.wakeAll()
                for _ in 0..<1_000 where !isLaid { condition.wait() }
                served += 1
            }
        }
    }

    @Test("whoever waits lets others have the lock, and has it again when woken")
    func waiting() async {
        let table = Table()
        let (laid, arrival) = (Lock.Condition(table.lock), Lock.Condition(table.lock))
        let thread = RunningThread { table.wait(for: laid, telling: arrival) }
        table.lock.held {
            for _ in 0..<1_000 where table.waiting < 1 { arrival.wait(nanoseconds: 60_000_000_000) }
            table.isLaid = true
            laid.wakeOne()
        }
        await thread.ended()
        #expect(table.served == 1)
    }

    @Test("all who wait can be woken at once")
    func wakingAll() async {
        let table = Table()
        let (laid, arrival) = (Lock.Condition(table.lock), Lock.Condition(table.lock))
        let threads = (0..<3).map { _ in RunningThread { table.wait(for: laid, telling: arrival) } }
        table.lock.held {
            for _ in 0..<1_000 where table.waiting < 3 { arrival.wait(nanoseconds: 60_000_000_000) }
            table.isLaid = true
            laid.wakeAll()
        }
        for thread in threads { await thread.ended() }
        #expect(table.served == 3)
    }

    @Test("a wait with an end says whether it was woken or the time ran out", arguments: [Int.min, 0, 1])
    func timedWait(nanoseconds: Int) {
        let lock = Lock()
        let condition = Lock.Condition(lock)
        #expect(lock.held { !condition.wait(nanoseconds: nanoseconds) })
    }

    @Test("a wait for ever and a day ends when it is woken")
    func longWait() async {
        let table = Table()
        let (laid, arrival) = (Lock.Condition(table.lock), Lock.Condition(table.lock))
        let thread = RunningThread {
            table.lock.held {
                table.waiting = 1
                arrival.wakeAll()
                for _ in 0..<1_000 where !table.isLaid { laid.wait(nanoseconds: .max) }
            }
        }
        table.lock.held {
            for _ in 0..<1_000 where table.waiting < 1 { arrival.wait(nanoseconds: 60_000_000_000) }
            table.isLaid = true
            laid.wakeAll()
        }
        await thread.ended()
        #expect(table.lock.held { table.isLaid })
    }

    @Test("what a closure would have to copy is done between take and release")
    func takeAndRelease() async {
        let (lock, counter) = (Lock(), Counter())
        let threads = (0..<2).map { _ in
            RunningThread {
                for _ in 0..<10_000 {
                    lock.take()
                    counter.value += 1
                    lock.release()
                }
            }
        }
        for thread in threads { await thread.ended() }
        #expect(counter.value == 20_000)
    }
}
