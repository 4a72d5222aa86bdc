import Foundation

/// Whether any test can tell two policies apart at a size: the most powerful one, the likelihood ratio between just these
/// two, with the densities of their gaps counted from the simulation itself.
package struct Separability {
    /// Of each policy and number of failure, how often gaps fall into each bin.
    private var tables: [String: [[Double]]] = [:]
    private let attempts: Int
    private static let samples = 20_000

    /// A thousandth and a fiftieth of the wait: fine enough for what latency leaves.
    private static func bin(_ gap: Double) -> Int { min(399, Int(max(0, 50 * log(1 + gap / 0.004)))) }

    package init(attempts: Int, seed: UInt64) {
        self.attempts = attempts
        var chance = SimulatedChance(seed: seed)
        for policy in SimulatedBackoff.all {
            var counts = [[Double]](repeating: [Double](repeating: 0.05, count: 400), count: attempts - 1)
            for _ in 0..<Self.samples {
                for (place, gap) in Self.gaps(policy, attempts, &chance).enumerated() {
                    counts[place][Self.bin(gap)] += 1
                }
            }
            tables[policy.word] = counts.map { row in
                let sum = row.reduce(0, +)
                return row.map { $0 / sum }
            }
        }
    }

    private static func gaps(_ policy: SimulatedBackoff, _ attempts: Int, _ chance: inout SimulatedChance) -> [Double] {
        var before = 0.0
        return (1..<attempts).map { failure in
            before = policy.wait(failure, before, &chance)
            return before + chance.latency()
        }
    }

    private func ratio(_ gaps: [Double], _ left: String, _ right: String) -> Double {
        guard let own = tables[left], let other = tables[right] else { return 0 }
        return gaps.enumerated().reduce(0) { sum, gap in
            let bin = Self.bin(gap.element)
            return sum + log(other[gap.offset][bin] / own[gap.offset][bin])
        }
    }

    /// How often the ratio test at a level of 0.2 % finds that a client follows `client` and not `declared`.
    package func power(client: SimulatedBackoff, declared: SimulatedBackoff, stories: Int, seed: UInt64) -> Double {
        var chance = SimulatedChance(seed: seed)
        func total(_ policy: SimulatedBackoff) -> Double {
            (0..<stories).reduce(0) { sum, _ in
                sum + ratio(Self.gaps(policy, attempts, &chance), declared.word, client.word)
            }
        }
        let runs = 400
        let null = (0..<runs).map { _ in total(declared) }.sorted()
        let threshold = max(null[runs - 1], log(20))
        return Double((0..<200).filter { _ in total(client) > threshold }.count) / 200
    }

    /// The least number of stories at which it finds it in nine of ten cases; nil beyond a thousand.
    package func storiesNeeded(client: SimulatedBackoff, declared: SimulatedBackoff, seed: UInt64) -> Int? {
        [5, 10, 20, 40, 80, 160, 320, 640].first {
            power(client: client, declared: declared, stories: $0, seed: seed) >= 0.9
        }
    }
}
