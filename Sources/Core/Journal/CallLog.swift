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

    /// Where a call is kept.
    private struct Slot {
        /// The greatest there is while no call is kept here.
        var number = Int.max
        /// How much of the arrival is short fields.
        var shortCount: UInt32 = 0
        var arrival: PackedRecord?
        var later: PackedRecord?
        /// Of a stream, shared with its script.
        var frames: [FrameScript.Frame] = []

        var size: Int { MemoryLayout<Slot>.stride + (arrival?.count ?? 0) + (later?.count ?? 0) }
    }

    package let limits: Limits
    package private(set) var count = 0
    /// The size of the calls held, as the limit counts it.
    package private(set) var bytes = 0
    /// Calls pushed out since the log was empty.
    package private(set) var dropped = 0
    /// How many times everything was forgotten: numbers from before may name other calls now.
    package private(set) var clearings = 0
    /// As many slots as a power of two; `count` of them are taken, from `start` on and around the end.
    private var slots: [Slot] = []
    private var start = 0
    private var packer = RecordPacker()

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Adds a call, or what happened to it later; false when the call is not held.
    @discardableResult package mutating func append(_ event: borrowing CallEvent) -> Bool {
        event.isArrival ? add(event) : join(event)
    }

    /// Numbers mostly ascend; one that comes late takes its place among the others.
    private mutating func add(_ event: borrowing CallEvent) -> Bool {
        guard limits.calls > 0 else {
            dropped += 1
            return false
        }
        if count == limits.calls { dropOldest() }
        if count == slots.count { grow() }
        let place = place(count)
        slots[place] = Slot(
            number: event.number, shortCount: UInt32(event.shortCount),
            arrival: packer.pack(event.bytes, event.bodies, shortCount: event.shortCount), frames: event.frames)
        bytes += slots[place].size
        count += 1
        settle(event.number)
        while bytes > limits.bytes, count > 1 { dropOldest() }
        return true
    }

    private mutating func join(_ event: borrowing CallEvent) -> Bool {
        guard let index = index(of: event.number) else { return false }
        let place = place(index)
        guard let before = slots[place].later else {
            let later = packer.put(event.bytes)
            slots[place].later = later
            bytes += later.count
            return true
        }
        // What happened before is told once more: few calls have more than an arrival and an ending.
        var all: [UInt8] = []
        before.unpack(to: &all)
        if event.tellsMessages { all = RecordEntry.withoutMessages(all) }
        let later = packer.put(all + event.bytes)
        slots[place].later = later
        bytes += later.count - before.count
        return true
    }

    package mutating func removeAll() {
        let clearings = clearings
        self = CallLog(limits: limits)
        self.clearings = clearings + 1
    }

    // MARK: Reading

    package func record(of number: Int) -> CallRecord? {
        guard let index = index(of: number) else { return nil }
        var record = CallRecord()
        read(index, into: &record)
        return record
    }

    /// The short fields alone: what queries and lines of a log ask for.
    package func summary(of number: Int) -> CallRecord? {
        guard let index = index(of: number) else { return nil }
        var record = CallRecord()
        readSummary(index, into: &record)
        return record
    }

    /// Numbers of calls held lie from here to `newest`.
    package var oldest: Int? { count == 0 ? nil : number(at: 0) }
    package var newest: Int? { count == 0 ? nil : number(at: count - 1) }

    /// The place, counted from the oldest, of the first call whose number is this or greater.
    func firstIndex(from number: Int) -> Int {
        var range = 0..<count
        // Numbers without gaps say their place at once.
        if let oldest, case (let distance, false) = number.subtractingReportingOverflow(oldest), distance >= 0,
            distance < count, self.number(at: distance) == number
        {
            return distance
        }
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = self.number(at: middle) < number ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    func number(at index: Int) -> Int { slots[place(index)].number }

    func readSummary(_ index: Int, into record: inout CallRecord) {
        let slot = slots[place(index)]
        record.bytes.removeAll(keepingCapacity: true)
        slot.arrival?.unpack(to: &record.bytes, most: Int(slot.shortCount))
        record.bytes.removeLast(record.bytes.count - Int(slot.shortCount))
        finish(slot, &record)
    }

    func read(_ index: Int, into record: inout CallRecord) {
        let slot = slots[place(index)]
        record.bytes.removeAll(keepingCapacity: record.bytes.capacity <= 262_144)
        slot.arrival?.unpack(to: &record.bytes)
        finish(slot, &record)
    }

    private func finish(_ slot: Slot, _ record: inout CallRecord) {
        record.arrival = 0..<record.bytes.count
        slot.later?.unpack(to: &record.bytes)
        record.later = record.arrival.upperBound..<record.bytes.count
        record.frames = slot.frames
    }

    // MARK: The ring

    private func place(_ index: Int) -> Int { (start + index) & (slots.count - 1) }

    private func index(of number: Int) -> Int? {
        let index = firstIndex(from: number)
        return index < count && self.number(at: index) == number ? index : nil
    }

    /// Moves the newest call down past those with greater numbers.
    private mutating func settle(_ number: Int) {
        var index = count - 1
        while index > 0, self.number(at: index - 1) > number {
            slots.swapAt(place(index), place(index - 1))
            index -= 1
        }
    }

    private mutating func dropOldest() {
        bytes -= slots[start].size
        slots[start] = Slot()
        start = (start + 1) & (slots.count - 1)
        count -= 1
        dropped += 1
    }

    private mutating func grow() {
        let capacity = Swift.max(16, slots.count * 2)
        var larger: [Slot] = []
        larger.reserveCapacity(capacity)
        for index in 0..<count { larger.append(slots[place(index)]) }
        larger.append(contentsOf: repeatElement(Slot(), count: capacity - count))
        slots = larger
        start = 0
    }
}
