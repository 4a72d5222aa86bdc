import Time
import Verdicts

/// Callers around one breaker, and a server that fails for a while, recovers, and fails again.
package struct SimulatedOutage {
    package var callers = 3
    /// Seconds between two calls of one caller, on average.
    package var think = 1.0
    /// Callers pause together now and then, for minutes.
    package var pauses = false
    package var openFor = 30.0
    /// Of calls in an outage.
    package var failing = 1.0
    /// How long answers take: healthy, and in an outage.
    package var service = 0.05
    package var outageService = 0.05

    package init(_ change: (inout SimulatedOutage) -> Void = { _ in }) { change(&self) }

    private enum Event {
        case wants(Int)
        case learns(Int, failed: Bool)
    }

    /// Outages of three and a half open times, after a healthy time and with one between.
    private func isDown(_ at: Double) -> Bool {
        let cycle = 60 + 3.5 * openFor
        let inCycle = at - Double(Int(at / (cycle + 90))) * (cycle + 90)
        return inCycle > 60 && inCycle < cycle
    }

    private var length: Double { 2 * (60 + 3.5 * openFor + 90) }

    package func calls(_ breaker: any SimulatedBreaker, seed: UInt64) -> (calls: [ObservedCall], end: Double) {
        var breaker = breaker
        var chance = SimulatedChance(seed: seed)
        var queue = EventQueue<Event>()
        var calls: [ObservedCall] = []
        var busy = 0
        var pausedUntil = 0.0
        for caller in 0..<callers { queue.add(chance.exponential(think), .wants(caller)) }
        while let (now, event) = queue.next(), now < length {
            switch event {
            case .learns(let caller, let failed):
                busy -= 1
                if failed { breaker.failed(now) } else { breaker.succeeded(now) }
                queue.add(now + chance.exponential(think), .wants(caller))
            case .wants(let caller):
                if pauses, now > pausedUntil, chance.happens(0.02) { pausedUntil = now + chance.exponential(40) }
                if now < pausedUntil { queue.add(pausedUntil + chance.exponential(think), .wants(caller)); continue }
                if breaker.isSerial, busy > 0 { queue.add(now + 0.003, .wants(caller)); continue }
                guard breaker.allows(now) else {
                    queue.add(now + chance.exponential(think), .wants(caller))
                    continue
                }
                busy += 1
                let (call, failed, end) = self.call(calls.count, now, &chance)
                calls.append(call)
                queue.add(end + chance.latency(), .learns(caller, failed: failed))
            }
        }
        return (Self.inOrder(calls), length)
    }

    private func call(_ place: Int, _ now: Double, _ chance: inout SimulatedChance) -> (ObservedCall, Bool, Double) {
        let arrival = now + chance.latency()
        let isDown = isDown(arrival)
        let failed = isDown && chance.happens(failing)
        let end = arrival + 0.001 + chance.exponential(isDown ? outageService : service)
        var call = ObservedCall(number: place, arrived: Moment(Instant(nanoseconds: Int64(arrival * 1e9))))
        call.agent = "agent"
        call.payload = UInt64(place)
        call.status = failed ? 503 : 200
        call.outcome = .completed
        call.ended = Moment(Instant(nanoseconds: Int64(end * 1e9)))
        return (call, failed, end)
    }

    static func inOrder(_ calls: [ObservedCall]) -> [ObservedCall] {
        var sorted = calls.sorted { ($0.arrived.real, $0.number) < ($1.arrived.real, $1.number) }
        for place in sorted.indices { sorted[place].number = place + 1 }
        return sorted
    }
}

/// Events by their time, and those of one time in the order in which they were added.
struct EventQueue<Event> {
    private var heap: [(at: Double, order: Int, event: Event)] = []
    private var added = 0

    mutating func add(_ at: Double, _ event: Event) {
        heap.append((at, added, event))
        added += 1
        var place = heap.count - 1
        while place > 0, isBefore(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func next() -> (Double, Event)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var next = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isBefore(child, next) {
                next = child
            }
            if next == place { return (first.at, first.event) }
            heap.swapAt(place, next)
            place = next
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (heap[left].at, heap[left].order) < (heap[right].at, heap[right].order)
    }
}
