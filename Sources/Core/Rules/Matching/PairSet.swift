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
}

/// What a rule's text must hold at one place of the payload: a first look, before its conditions are asked.
struct PayloadFilter: Sendable {
    /// The number of the place in the rule book; -1 for a rule that asks for no text.
    var place: Int
    var pairs: PairSet

    static let none = PayloadFilter(place: -1, pairs: .none)
}
