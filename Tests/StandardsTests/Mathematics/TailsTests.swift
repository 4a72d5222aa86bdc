import Testing

@testable import Mathematics

@Suite("Tails") struct TailsTests {
    @Test("the binomial's upper tail is its sum")
    func binomial() {
        #expect(Tails.binomial(atLeast: 0, of: 10, chance: 0.1) == 1)
        #expect(Tails.binomial(atLeast: 11, of: 10, chance: 0.1) == 0)
        #expect(abs(Tails.binomial(atLeast: 10, of: 10, chance: 0.5) - 1.0 / 1_024) < 1e-15)
        #expect(abs(Tails.binomial(atLeast: 2, of: 3, chance: 0.01) - 0.000_298) < 1e-12)
        #expect(abs(Tails.binomial(atLeast: 60, of: 100, chance: 0.5) - 0.028_443_966_820_490) < 1e-12)
        #expect(Tails.binomial(atLeast: 900, of: 1_000_000, chance: 0.0001) < 1e-300)
    }

    @Test("factorials by Stirling's series are right where they can be multiplied")
    func factorials() {
        for number in [2, 9, 10, 20, 170] {
            let sum = (1...number).reduce(0) { $0 + Numbers.naturalLogarithm(Double($1)) }
            #expect(abs(Tails.logFactorial(number) - sum) < 1e-12 * max(1, sum))
        }
    }

    @Test("a gap after seen gaps has the chance of Fisher's ratio")
    func gaps() {
        #expect(Tails.exponentialGap(5, afterGaps: 0, of: 0) == 1)
        #expect(abs(Tails.exponentialGap(4, afterGaps: 4, of: 4) - 1.0 / 16) < 1e-15)
        #expect(Tails.exponentialGap(60, afterGaps: 4, of: 4) < 2e-5)
    }

    @Test("the empirical distance shrinks with the root of the samples")
    func distance() {
        let few = Tails.empiricalDistance(count: 25, level: 0.001)
        #expect(abs(few / Tails.empiricalDistance(count: 100, level: 0.001) - 2) < 1e-12)
        #expect(abs(few - 0.371_692) < 1e-5)
    }
}
