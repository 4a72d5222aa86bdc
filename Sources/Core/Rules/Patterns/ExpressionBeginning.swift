/// Where a match of an expression can begin at all: most places of most texts are passed over by one look.
struct ExpressionBeginning: Equatable, Sendable {
    /// At the start of the text and nowhere else.
    private(set) var isAtTextStart = true
    /// Of the first 128 scalars those that can come first, a bit each. Others always can.
    private var scalars = SIMD2<UInt64>(0, 0)

    init() {}

    init(of steps: [RegularExpression.Step]) {
        var seen: Set<Int> = []
        var pending = [(number: 0, isAtTextStart: false)]
        while let (number, isAtStart) = pending.popLast() {
            guard seen.insert(isAtStart ? number : ~number).inserted else { continue }
            switch steps[number] {
            case .take(let set): add(set, isAtStart)
            case .found: add(ScalarSet().negated(), isAtStart)
            case .jump(let target): pending.append((target, isAtStart))
            case .split(let one, let other): pending += [(one, isAtStart), (other, isAtStart)]
            case .hold(let assertion): pending.append((number + 1, isAtStart || assertion == .textStart))
            }
        }
    }

    private mutating func add(_ set: ScalarSet, _ isAtTextStart: Bool) {
        if !isAtTextStart { self.isAtTextStart = false }
        for number in 0..<128 where set.contains(Unicode.Scalar(UInt8(number))) {
            scalars[number >> 6] |= 1 << UInt64(number & 63)
        }
    }

    /// Whether one can begin before this scalar, or at the end of the text.
    @inline(__always) func mayBe(before scalar: Unicode.Scalar?) -> Bool {
        guard let value = scalar?.value, value < 128 else { return true }
        return scalars[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
    }
}
