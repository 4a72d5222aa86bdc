import Foundation
import SplitMix

/// The same seed gives the same clients on every machine.
package struct SimulatedChance {
    private var chance: Chance

    package init(seed: UInt64) { chance = Chance(seed: seed, number: 0) }

    /// At least 0 and below 1.
    package mutating func unit() -> Double { chance.unit() }

    package mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    package mutating func exponential(_ mean: Double) -> Double { -mean * log(1 - unit()) }

    package mutating func happens(_ share: Double) -> Bool { unit() < share }

    /// What a client needs beyond its wait, in seconds: network and its own work, and now and then a pause of the machine.
    /// Drawn from none of the distributions that the judges reckon with.
    package mutating func latency() -> Double {
        if happens(0.004) { return uniform(0.02, 0.3) }
        return 0.0003 + exponential(0.002) + (happens(0.05) ? exponential(0.006) : 0)
    }
}
