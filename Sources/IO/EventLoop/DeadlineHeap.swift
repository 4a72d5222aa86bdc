// Rules.  A slot has at most one deadline. Setting it is O(log n) at worst and allocates nothing once the arrays have
//         grown; the earliest is known at once.
// Theory. Most deadlines only ever move later and never pass: an idle connection's moves with every request. So a
//         later deadline leaves its entry where it is, and the entry moves when its old key comes to the top: once
//         per period, not once per request. An entry's key is therefore never later than the deadline wanted for it.
// Table.  | wanted is … than the key   | set                | due                          |
//         |----------------------------|--------------------|------------------------------|
//         | earlier                    | sift up            | cannot be                    |
//         | equal                      | nothing            | pop: the deadline passed     |
//         | later                      | note it            | take the new key, sift down  |
//         | none (cleared)             | note it            | remove, tell nobody          |

/// The deadlines of a loop's watchers: a heap of four children a node, indexed by slot.
package struct DeadlineHeap {
    private struct Entry {
        var key: Int64
        var slot: Int32
    }

    private var entries: [Entry] = []
    /// By slot: the deadline wanted, `none` for no deadline.
    private var wanted: [Int64] = []
    /// By slot: where its entry lies, -1 for nowhere.
    private var positions: [Int32] = []
    private static let none = Int64.max

    package init() {}

    /// No deadline passes before this moment; nil when nothing waits.
    package var next: Int64? { entries.first?.key }

    package func deadline(of slot: Int32) -> Int64? {
        guard Int(slot) < wanted.count, wanted[Int(slot)] != Self.none else { return nil }
        return wanted[Int(slot)]
    }

    package mutating func set(_ slot: Int32, to deadline: Int64) {
        grow(to: Int(slot))
        wanted[Int(slot)] = deadline
        let position = Int(positions[Int(slot)])
        if position < 0 {
            entries.append(Entry(key: deadline, slot: slot))
            siftUp(from: entries.count - 1)
        } else if deadline < entries[position].key {
            entries[position].key = deadline
            siftUp(from: position)
        }
    }

    package mutating func clear(_ slot: Int32) {
        guard Int(slot) < wanted.count else { return }
        wanted[Int(slot)] = Self.none
    }

    /// Takes one slot whose deadline is not after `now`.
    package mutating func popDue(now: Int64) -> Int32? {
        while let first = entries.first, first.key <= now {
            let wantedKey = wanted[Int(first.slot)]
            if wantedKey == first.key {
                wanted[Int(first.slot)] = Self.none
                removeFirst()
                return first.slot
            }
            if wantedKey == Self.none {
                removeFirst()
            } else {
                entries[0].key = wantedKey
                siftDown()
            }
        }
        return nil
    }

    private mutating func grow(to slot: Int) {
        while wanted.count <= slot {
            wanted.append(Self.none)
            positions.append(-1)
        }
    }

    private mutating func removeFirst() {
        positions[Int(entries[0].slot)] = -1
        let last = entries.removeLast()
        guard !entries.isEmpty else { return }
        entries[0] = last
        siftDown()
    }

    private mutating func siftUp(from start: Int) {
        let entry = entries[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.key < entries[parent].key else { break }
            put(entries[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func siftDown() {
        let entry = entries[0]
        var place = 0
        while let child = leastChild(of: place), entries[child].key < entry.key {
            put(entries[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    private func leastChild(of place: Int) -> Int? {
        let first = place * 4 + 1
        guard first < entries.count else { return nil }
        var least = first
        for child in first + 1..<max(first + 1, min(first + 4, entries.count))
        where entries[child].key < entries[least].key { least = child }
        return least
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        positions[Int(entry.slot)] = Int32(truncatingIfNeeded: place)
    }
}
