import EventLoop
import Testing

@Suite("Deadlines") struct DeadlineHeapTests {
    private func drain(_ heap: inout DeadlineHeap, now: Int64) -> [Int32] {
        var found: [Int32] = []
        while let slot = heap.popDue(now: now) { found.append(slot) }
        return found
    }

    @Test("deadlines pass in their order, and only once")
    func order() {
        var heap = DeadlineHeap()
        for (slot, deadline) in [(0, 50), (1, 10), (2, 30), (3, 20), (4, 40), (5, 60)] as [(Int32, Int64)] {
            heap.set(slot, to: deadline)
        }
        #expect(heap.next == 10)
        #expect(drain(&heap, now: 9) == [])
        #expect(drain(&heap, now: 40) == [1, 3, 2, 4])
        #expect(drain(&heap, now: 100) == [0, 5])
        #expect(heap.next == nil)
    }

    @Test("a deadline that moved later passes later")
    func later() {
        var heap = DeadlineHeap()
        heap.set(7, to: 10)
        heap.set(8, to: 15)
        heap.set(7, to: 20)
        #expect(heap.deadline(of: 7) == 20)
        #expect(drain(&heap, now: 15) == [8])
        #expect(drain(&heap, now: 20) == [7])
    }

    @Test("a deadline that moved earlier passes earlier")
    func earlier() {
        var heap = DeadlineHeap()
        heap.set(0, to: 30)
        heap.set(1, to: 20)
        heap.set(0, to: 10)
        #expect(heap.next == 10)
        #expect(drain(&heap, now: 10) == [0])
    }

    @Test("a cleared deadline never passes, and its slot can be used again")
    func cleared() {
        var heap = DeadlineHeap()
        heap.set(3, to: 10)
        heap.clear(3)
        heap.clear(99)
        #expect(heap.deadline(of: 3) == nil)
        #expect(drain(&heap, now: 10) == [])
        heap.set(3, to: 5)
        #expect(drain(&heap, now: 10) == [3])
    }

    @Test("any run of sets and clears behaves like a plain list", arguments: [1, 2, 3, 0xDEAD] as [UInt64])
    func model(seed: UInt64) {
        var random = Numbers(state: seed)
        var heap = DeadlineHeap()
        var model: [Int32: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<20_000 {
            let slot = Int32(random.next() % 200)
            switch random.next() % 8 {
            case 0:
                heap.clear(slot)
                model[slot] = nil
            case 1:
                now += Int64(random.next() % 50)
                let due = drain(&heap, now: now)
                let expected = model.filter { $0.value <= now }
                let keys = due.compactMap { model[$0] }
                #expect(Set(due) == Set(expected.keys) && keys == keys.sorted(), "seed \(seed)")
                for slot in due { model[slot] = nil }
            default:
                let deadline = now + Int64(random.next() % 1_000)
                heap.set(slot, to: deadline)
                model[slot] = deadline
            }
        }
        #expect(drain(&heap, now: .max - 1).count == model.count, "seed \(seed)")
    }

    private struct Numbers {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
