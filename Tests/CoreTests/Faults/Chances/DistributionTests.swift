import SplitMix
import Foundation
import Testing

@testable import Faults

@Suite("Distribution") struct DistributionTests {
    private static let draws = 100_000
    private static let second = 1_000_000_000.0

    /// One draw for each of 100,000 calls, as faults draw them.
    private func samples(_ distribution: Distribution, seed: UInt64 = 7) -> [Int64] {
        (1...UInt64(Self.draws)).map { number in
            var chance = Chance(seed: seed, number: number)
            return distribution.sample(&chance)
        }
    }

    /// Kolmogorov and Smirnov: the largest distance between the samples' distribution and the one asked for. Below
    /// 1.63 / √n in 99 of 100 runs; the seeds are fixed.
    private func distance(_ samples: [Int64], from cumulative: (Double) -> Double) -> Double {
        let count = Double(samples.count)
        return samples.sorted().enumerated().reduce(0) { largest, next in
            let expected = cumulative(Double(next.element))
            let below = abs(expected - Double(next.offset) / count)
            return max(largest, below, abs(Double(next.offset + 1) / count - expected))
        }
    }

    private let bound = 1.63 / Double(draws).squareRoot()
    private func normal(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    @Test("uniform, by 100,000 draws", arguments: [1, 7, 1_000_003] as [UInt64])
    func uniform(seed: UInt64) {
        let drawn = samples(.uniform(from: 100_000_000, to: 300_000_000), seed: seed)
        #expect(distance(drawn) { ($0 - 100_000_000) / 200_000_000 } < bound, "seed \(seed)")
        #expect(drawn.allSatisfy { (100_000_000...300_000_000).contains($0) })
    }

    @Test("normal, by 100,000 draws", arguments: [1, 7, 1_000_003] as [UInt64])
    func normal(seed: UInt64) {
        let drawn = samples(.normal(mean: 2 * Self.second, deviation: 0.2 * Self.second), seed: seed)
        #expect(distance(drawn) { normal(($0 / Self.second - 2) / 0.2) } < bound, "seed \(seed)")
    }

    @Test("log-normal, by 100,000 draws: half are below the median, 1 in 100 above p99", arguments: [1, 7] as [UInt64])
    func logNormal(seed: UInt64) {
        let drawn = samples(.logNormal(median: 800_000_000, percentile99: 4_000_000_000), seed: seed)
        let sigma = log(5) / 2.326_347_874_040_840_8
        #expect(distance(drawn) { normal(log($0 / 800_000_000) / sigma) } < bound, "seed \(seed)")
        #expect(abs(drawn.count { $0 > 4_000_000_000 } - 1_000) < 100, "seed \(seed)")
        #expect(abs(drawn.count { $0 < 800_000_000 } - 50_000) < 500, "seed \(seed)")
    }

    @Test("spikes come as often as asked for")
    func spike() {
        let drawn = samples(.spike(base: 5, to: 26_000, chance: 0.02))
        #expect(Set(drawn) == [5, 26_000])
        #expect(abs(drawn.count { $0 == 26_000 } - 2_000) < 130)
    }

    @Test("fixed is fixed, equal bounds are one value, equal median and p99 too")
    func degenerate() {
        #expect(Set(samples(.fixed(7))) == [7])
        #expect(Set(samples(.uniform(from: 9, to: 9))) == [9])
        #expect(Set(samples(.normal(mean: 9, deviation: 0))) == [9])
        #expect(Set(samples(.logNormal(median: 9, percentile99: 9))) == [9])
    }

    @Test("no sample is below zero or above a year")
    func bounded() {
        let wide = samples(.normal(mean: 0, deviation: 1e30))
        #expect(Set(wide) == [0, Distribution.longest])
        #expect(
            samples(.logNormal(median: 1, percentile99: .max / 2)).allSatisfy {
                (0...Distribution.longest).contains($0)
            })
    }
}
