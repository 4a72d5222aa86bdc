/// A stream of numbers drawn from a seed and a number: SplitMix64 (Steele, Lea, Flood 2014). The same two give the same
/// stream on every machine, whatever else runs at the time.
package struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package init(seed: UInt64, number: UInt64) {
        var mixed = Chance(seed: seed ^ (number &* 0xD6E8_FEB8_6659_FD93))
        state = mixed.next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// At least 0 and below 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
