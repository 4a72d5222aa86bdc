import Foundation

/// Whether any test can tell two policies apart at a size: the most powerful one, the likelihood ratio between just these
/// two, with the densities of their gaps counted from the simulation itself.
///
/// Nobody tells a judge how fast a client is beside its waits. So the declared policy is given each of several latencies,
/// and the one that serves it best counts: a client that waits as declared and needs 20 ms more must not be failed.
package struct Separability {
    /// Of each number of failure, how often gaps fall into each bin.
    private typealias Table = [[Double]]

    /// Of clients as they are simulated.
    private var clients: [String: Table] = [:]
    /// Of the same with each of the latencies.
    private var declared: [String: [Table]] = [:]
    private let attempts: Int
    private static let samples = 20_000
    /// In the middle, in seconds; up to what `latency` allows a correct client when nothing is said.
    private static let latencies = [0.001, 0.004, 0.01, 0.02]

    /// A thousandth and a fiftieth of the wait: fine enough for what latency leaves.
    private static func bin(_ gap: Double) -> Int { min(399, Int(max(0, 50 * log(1 + gap / 0.004)))) }

    package init(attempts: Int, seed: UInt64) {
        self.attempts = attempts
        var chance = SimulatedChance(seed: seed)
        for policy in SimulatedBackoff.all {
            clients[policy.word] = table(policy, nil, &chance)
            declared[policy.word] = Self.latencies.map { table(policy, $0, &chance) }
        }
    }

    private func table(_ policy: SimulatedBackoff, _ latency: Double?, _ chance: inout SimulatedChance) -> Table {
        var counts = Table(repeating: [Double](repeating: 0.05, count: 400), count: attempts - 1)
        for _ in 0..<Self.samples {
            for (place, gap) in gaps(policy, latency, &chance).enumerated() { counts[place][Self.bin(gap)] += 1 }
        }
        return counts.map { row in
            let sum = row.reduce(0, +)
            return row.map { $0 / sum }
        }
    }

    private func gaps(
        _ policy: SimulatedBackoff, _ latency: Double?, _ chance: inout SimulatedChance
    ) -> [Double] {
        var before = 0.0
        return (1..<attempts).map { failure in
            before = policy.wait(failure, before, &chance)
            guard let latency else { return before + chance.latency() }
            let share = chance.unit()
            return before + min(0.3, latency * share / (1 - share))
        }
    }

    private func logarithm(_ stories: [[Double]], _ table: Table) -> Double {
        stories.reduce(0) { sum, gaps in
            gaps.enumerated().reduce(sum) { $0 + log(table[$1.offset][Self.bin($1.element)]) }
        }
    }

    /// ln of how much more likely the stories are of the client than as declared, whatever its latency.
    private func ratio(_ stories: [[Double]], _ client: Table, _ declared: [Table]) -> Double {
        logarithm(stories, client) - (declared.map { logarithm(stories, $0) }.max() ?? 0)
    }

    /// How often the ratio test at a level of 0.2 % finds that a client follows `client` and not `declared`.
    package func power(client: SimulatedBackoff, declared: SimulatedBackoff, stories: Int, seed: UInt64) -> Double {
        guard let own = clients[client.word], let others = self.declared[declared.word] else { return 0 }
        var chance = SimulatedChance(seed: seed)
        func total(_ policy: SimulatedBackoff, _ latency: Double?) -> Double {
            ratio((0..<stories).map { _ in gaps(policy, latency, &chance) }, own, others)
        }
        let null = Self.latencies.flatMap { latency in (0..<500).map { _ in total(declared, latency) } }
        let threshold = max(null.max() ?? 0, log(20))
        return Double((0..<200).filter { _ in total(client, nil) > threshold }.count) / 200
    }

    /// The least number of stories at which it finds it in nine of ten cases; nil beyond a thousand.
    package func storiesNeeded(client: SimulatedBackoff, declared: SimulatedBackoff, seed: UInt64) -> Int? {
        [5, 10, 20, 40, 80, 160, 320, 640].first {
            power(client: client, declared: declared, stories: $0, seed: seed) >= 0.9
        }
    }
}
