import SplitMix
import Testing

@Suite("Chance") struct ChanceTests {
    @Test("the stream is SplitMix64's, published values for the seed 1234567")
    func published() {
        var chance = Chance(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in chance.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("a number's stream depends on seed and number alone")
    func numbered() {
        var streams: Set<UInt64> = []
        for seed in 0..<40 as Range<UInt64> {
            for number in 0..<40 as Range<UInt64> {
                var one = Chance(seed: seed, number: number)
                var same = Chance(seed: seed, number: number)
                let value = one.next()
                #expect(value == same.next())
                streams.insert(value)
            }
        }
        #expect(streams.count == 1_600)
    }

    @Test("units lie in their interval and around its middle")
    func units() {
        var chance = Chance(seed: 3)
        let units = (0..<10_000).map { _ in chance.unit() }
        #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(units.reduce(0, +) / 10_000 - 0.5) < 0.02)
    }
}
