import Bytes

// Rules.  A block that agrees with a base over half of its length is kept as what differs: the base's number, how much
//         of its two ends, and the bytes between. A block becomes a base when the next of its kind and length is like
//         it. Bases stay as long as a packed call holds their list; a full list is followed by a new one.
// Theory. The calls of one program are alike: its heads have the same fields in the same order, and differ in a date,
//         a signature, an id. Comparing with one block costs a few dozen words; looking every line up costs twenty
//         times as much, for each call.

/// The blocks that others are compared with.
final class Bases {
    private(set) var blocks: [[UInt8]] = []
    private(set) var byteCount = 0

    func append(_ block: [UInt8]) {
        blocks.append(block)
        byteCount += block.count
    }
}

/// Finds the base that a block is like.
struct BlockTable {
    enum Kind: Int, CaseIterable {
        case summary
        case answerFields
        case answerBody
        case head
        case places
        case body
    }

    struct Likeness: Equatable {
        var base: Int
        var prefix: Int
        var suffix: Int
    }

    /// Below this there is nothing to gain; above it blocks are rare, and rarely alike.
    static let lengths = 16...4_096
    private static let mostBytes = 262_144
    /// By the lower bits of the length.
    private static let slotsOfKind = 64

    private(set) var bases = Bases()
    private var slots: [Slot] = []

    /// Before each call: all of its blocks refer to one list.
    mutating func begin() {
        if slots.isEmpty || bases.byteCount > Self.mostBytes {
            bases = Bases()
            slots = Array(repeating: Slot(), count: Kind.allCases.count * Self.slotsOfKind)
        }
    }

    mutating func likeness(of block: Span<UInt8>, _ kind: Kind) -> Likeness? {
        guard Self.lengths.lowerBound <= block.count, block.count <= Self.lengths.upperBound else { return nil }
        let place = kind.rawValue * Self.slotsOfKind + block.count & (Self.slotsOfKind - 1)
        return slots[place].likeness(of: block, bases)
    }
}

/// What blocks of one kind and, by its lower bits, one length are compared with.
private struct Slot {
    private var number = 0
    /// Empty while there is none.
    private var base: [UInt8] = []
    /// The latest that was like no base.
    private var latest: [UInt8] = []

    mutating func likeness(of block: Span<UInt8>, _ bases: Bases) -> BlockTable.Likeness? {
        if let found = Self.compare(block, with: base, number) { return found }
        if let found = Self.compare(block, with: latest, bases.blocks.count) {
            (number, base, latest) = (bases.blocks.count, latest, [])
            bases.append(base)
            return found
        }
        latest.removeAll(keepingCapacity: true)
        block.withUnsafeBufferPointer { latest.append(contentsOf: $0) }
        return nil
    }

    private static func compare(_ block: Span<UInt8>, with base: borrowing [UInt8], _ number: Int) -> BlockTable
        .Likeness?
    {
        let base = base.span
        guard block.count == base.count else { return nil }
        let prefix = CommonEnds.prefix(block, base)
        let suffix = prefix == block.count ? 0 : CommonEnds.suffix(block, base, after: prefix)
        return (prefix + suffix) * 2 < block.count
            ? nil : BlockTable.Likeness(base: number, prefix: prefix, suffix: suffix)
    }
}
