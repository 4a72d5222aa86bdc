import Delivery

/// The journal in memory: the newest calls up to a count and a size, in the order of their numbers. A ring, so that a
/// call that comes pushes out the oldest one without moving any other.
package struct CallLog {
    package struct Limits: Equatable, Sendable {
        package var calls: Int
        /// Of the calls as they are packed; the frames of a stream belong to its scenario.
        package var bytes: Int

        package init(calls: Int = 100_000, bytes: Int = 256 << 20) {
            self.calls = calls
            self.bytes = bytes
        }
    }

    package let limits: Limits
    package private(set) var count = 0
    /// The size of the calls held, as the limit counts it.
    package private(set) var bytes = 0
    /// Calls pushed out since the log was empty.
    package private(set) var dropped = 0
    /// As many slots as a power of two; `count` of them are taken, from `start` on and around the end. The others hold
    /// no call.
    private var slots: [PackedCall] = []
    private var start = 0
    private var writer = PackWriter()
    private let nothing = PackedCall.none(on: Page(Bases(), capacity: 0))

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Adds a call. Numbers mostly ascend; one that comes late takes its place among the others.
    package mutating func append(_ call: borrowing Call) {
        guard limits.calls > 0 else {
            dropped += 1
            return
        }
        if count == limits.calls { dropOldest() }
        if count == slots.count { grow() }
        let slot = slot(count)
        slots[slot] = PackedCall(call, &writer)
        bytes += slots[slot].size
        count += 1
        settle(call.number)
        while bytes > limits.bytes, count > 1 { dropOldest() }
    }

    /// Joins the ending to its call; false when the call is not held any more.
    @discardableResult package mutating func end(_ number: Int, _ report: consuming Report) -> Bool {
        guard let place = place(of: number) else { return false }
        let slot = slot(place)
        bytes -= slots[slot].size
        report.frames.trim()
        slots[slot].ending = report
        bytes += slots[slot].size
        return true
    }

    package func call(_ number: Int) -> Call? {
        place(of: number).map { slots[slot($0)].call() }
    }

    /// The calls that match, in the order of their numbers; the newest of them when the query has a limit.
    package func calls(matching query: Query = Query()) -> [Call] {
        var found: [Call] = []
        var place = count
        while place > 0, found.count < query.limit ?? .max {
            place -= 1
            if case .number(let number) = query.since, self.number(at: place) <= number { break }
            let packed = slots[slot(place)]
            if query.matches(packed.summary()) { found.append(packed.call()) }
        }
        found.reverse()
        return found
    }

    package mutating func removeAll() {
        self = CallLog(limits: limits)
    }

    private func slot(_ place: Int) -> Int { (start + place) & (slots.count - 1) }

    private func number(at place: Int) -> Int { slots[slot(place)].number }

    /// Numbers without gaps say their place at once; otherwise it is searched for by halves.
    private func place(of number: Int) -> Int? {
        guard count > 0 else { return nil }
        let (distance, overflow) = number.subtractingReportingOverflow(self.number(at: 0))
        if !overflow, distance >= 0, distance < count, self.number(at: distance) == number { return distance }
        var range = 0..<count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let found = self.number(at: middle)
            if found == number { return middle }
            range = found < number ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Moves the newest call down past those with greater numbers.
    private mutating func settle(_ number: Int) {
        var place = count - 1
        while place > 0, self.number(at: place - 1) > number {
            slots.swapAt(slot(place), slot(place - 1))
            place -= 1
        }
    }

    private mutating func dropOldest() {
        bytes -= slots[start].size
        slots[start] = nothing
        start = (start + 1) & (slots.count - 1)
        count -= 1
        dropped += 1
    }

    private mutating func grow() {
        let capacity = max(16, slots.count * 2)
        var larger: [PackedCall] = []
        larger.reserveCapacity(capacity)
        for place in 0..<count { larger.append(slots[slot(place)]) }
        larger.append(contentsOf: repeatElement(nothing, count: capacity - count))
        slots = larger
        start = 0
    }
}
