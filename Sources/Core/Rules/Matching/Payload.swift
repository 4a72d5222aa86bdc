import Bytes
import JSON

/// The body of a call, as JSON whole or not at all, whoever asks first: what is not JSON from end to end stands as a
/// string, and `$` is then its text.
///
/// Most libraries look at one or two places. Those are looked up in the raw bytes, once it is sure that these are JSON:
/// both together cost less than building all its values. Whoever asks for many places, or for a wildcard, gets the values.
package struct Payload: Sendable {
    package let bytes: [UInt8]
    /// What its call may still search, and what was given up.
    package var effort = SearchEffort()
    private var root: Value?
    private var isJSON: Bool?
    /// What was found first, and what after that: most calls are asked for one place.
    private var first: (path: Path, value: Value?)?
    private var findings: [(path: Path, value: Value?)] = []
    private var latestPairs = (place: -1, pairs: PairSet.all)
    private static let mostFindings = 5

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The values at this place, one unless the path has a wildcard.
    mutating func values(at path: Path) -> [Value] {
        if path.hasWildcard { return path.all(in: whole) }
        return value(at: path).map { [$0] } ?? []
    }

    mutating func value(at path: Path) -> Value? {
        if let root { return path.lookup(in: root) }
        if let first, first.path == path { return first.value }
        for finding in findings where finding.path == path { return finding.value }
        guard findings.count < Self.mostFindings, path.canBeScanned, readsAsJSON() else {
            return path.lookup(in: whole)
        }
        let value = path.scannedValue(in: bytes.span)
        if first == nil { first = (path, value) } else { findings.append((path, value)) }
        return value
    }

    private mutating func readsAsJSON() -> Bool {
        if let isJSON { return isJSON }
        let isText = Value.isText(bytes.span)
        isJSON = isText
        return isText
    }

    /// The pairs of bytes of the text at one of these places. What is no text is no reason to pass a rule over.
    mutating func pairs(at place: Int, of places: [Path]) -> PairSet {
        if place != latestPairs.place {
            latestPairs = (place, value(at: places[place])?.text.map { PairSet(of: $0.utf8.span) } ?? .all)
        }
        return latestPairs.pairs
    }

    package var whole: Value {
        mutating get {
            if let root { return root }
            let parsed: Value
            do throws(SyntaxError) {
                parsed = try Value.parse(bytes)
            } catch {
                parsed = .string(String(lossy: bytes))
            }
            root = parsed
            return parsed
        }
    }
}

extension Path {
    /// Whether it leads to one place that can be found from the front.
    fileprivate var canBeScanned: Bool {
        !steps.isEmpty
            && steps.allSatisfy { step in
                switch step {
                case .name: true
                case .index(let index): index >= 0
                case .all: false
                }
            }
    }
}

/// Which pairs of neighbouring bytes a text has, as 256 bits. A text can hold another only if it has all pairs of the
/// other; of a thousand rules that ask for a word nearly all are passed over by this, without a look at the text.
package struct PairSet: Equatable, Sendable {
    private var bits: SIMD4<UInt64>

    /// What every text is in.
    static let all = PairSet(bits: SIMD4(repeating: .max))
    /// What is in every text.
    package static let none = PairSet(bits: .zero)

    private init(bits: SIMD4<UInt64>) { self.bits = bits }

    package init(of text: Span<UInt8>) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        text.withUnsafeBufferPointer { text in
            var index = 1
            while index < text.count {
                let pair = text[index &- 1] &* 37 ^ text[index] &* 11
                words[Int(pair &>> 6)] |= 1 &<< UInt64(pair & 63)
                index &+= 1
            }
        }
        bits = SIMD4(words[0], words[1], words[2], words[3])
    }

    func contains(_ other: PairSet) -> Bool { other.bits & ~bits == .zero }

    /// The same in a quarter of the room, for a look before this one.
    var folded: UInt64 { bits[0] | bits[1] | bits[2] | bits[3] }
}
