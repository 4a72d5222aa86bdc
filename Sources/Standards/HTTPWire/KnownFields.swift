import Bytes

// Rules.  Whoever asks for the same header fields in every request lists their names once; where they stand is then
//         noted while the head is read, and nobody searches for them by name. HTTPWire does not know which they are.
// Theory. A name's length and its last eight letters, whatever their case, say which of the names it can be: a
//         multiplication that is found when the list is made sends each of them to a slot of its own. One look tells,
//         one comparison makes sure. A name that is known is a token, so its bytes need no other check.

/// A header field that is found without a search: its place in the list, and its name in lower case.
package struct KnownField: Sendable {
    package let number: Int
    package let name: StaticString

    package init(_ number: Int, _ name: StaticString) { (self.number, self.name) = (number, name) }
}

/// The list of them. At most 32, numbered from 0 on.
package final class KnownFields: Sendable {
    package static let none = KnownFields([])
    package static let most = 32

    package let names: [StaticString]
    var count: Int { names.count }
    private let multiplier: UInt64
    /// By slot: the number of the name that belongs there, and one more; 0 where none does.
    private let slots: [UInt8]

    package init(_ fields: [KnownField]) {
        precondition(fields.count <= Self.most, "more fields than a request notes the places of")
        precondition(fields.indices.allSatisfy { fields[$0].number == $0 }, "the fields are not numbered in order")
        names = fields.map(\.name)
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        var slots = Self.slots(names, multiplier)
        for _ in 0..<10_000 where slots == nil {
            multiplier = multiplier &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            slots = Self.slots(names, multiplier)
        }
        self.multiplier = multiplier
        self.slots = slots ?? { preconditionFailure("two names of one length end in the same eight letters") }()
    }

    private static func slots(_ names: [StaticString], _ multiplier: UInt64) -> [UInt8]? {
        var slots = [UInt8](repeating: 0, count: 256)
        for (number, name) in names.enumerated() {
            let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            let word = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let slot = slot(word, bytes.count, multiplier)
            guard slots[slot] == 0 else { return nil }
            slots[slot] = UInt8(number + 1)
        }
        return slots
    }

    @inline(__always) private static func slot(_ word: UInt64, _ count: Int, _ multiplier: UInt64) -> Int {
        Int(truncatingIfNeeded: (((word | 0x2020_2020_2020_2020) ^ UInt64(count)) &* multiplier) >> 56)
    }

    /// The number of the field whose name stands there, or nil.
    @inline(__always) func number(of name: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        // A request line is longer than eight bytes, so a name in a request always has that many before its end.
        guard name.upperBound >= 8 else { return nil }
        let last = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: name.upperBound - 8, as: UInt64.self)
        // What stands before a shorter name is shifted out.
        let word = UInt64(littleEndian: last) >> UInt64(8 &* max(0, 8 &- name.count))
        let number = Int(slots[Self.slot(word, name.count, multiplier)])
        guard number > 0, ASCII.equals(bytes.extracting(name), lowercase: names[number - 1]) else { return nil }
        return number - 1
    }
}

/// For each known field, where among a request's fields the first of its name stands: a byte each, and one more than
/// the index. 0 stands for a field that is not there.
struct KnownPlaces: Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// How many fields were listed while the head was read. What is not noted of these is not there; of any other nothing
    /// is known.
    private var count: UInt8 = 0
    /// A bit for each index that is noted, of the first 64.
    private(set) var noted: UInt64 = 0

    /// For fields that were read without a list.
    init() {}

    init(_ known: KnownFields) { count = UInt8(known.count) }

    @inline(__always) func knows(_ number: Int) -> Bool { number < Int(count) }

    /// The index noted for a number; nil when none is.
    @inline(__always) subscript(number: Int) -> Int? {
        let noted = withUnsafeBytes(of: words) { $0[number] }
        return noted == 0 ? nil : Int(noted) - 1
    }

    /// The first one counts. More fields than a byte can tell apart make all that was noted useless.
    @inline(__always) mutating func note(_ number: Int, at index: Int) {
        guard index < 255 else { return self = KnownPlaces() }
        let isFirst = withUnsafeMutableBytes(of: &words) { words in
            guard words[number] == 0 else { return false }
            words[number] = UInt8(index + 1)
            return true
        }
        if isFirst { noted |= 1 << UInt64(index) }
    }
}
