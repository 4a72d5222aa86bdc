import Foundation
import Testing

@testable import Mathematics

@Suite("Numbers") struct NumbersTests {
    /// How many representable numbers lie between the two, at most.
    private func isNear(_ found: Double, _ expected: Double, ulps: Double = 4) -> Bool {
        abs(found - expected) <= ulps * max(expected.ulp, found.ulp)
    }

    @Test("the natural logarithm, to the last digits")
    func naturalLogarithm() {
        #expect(Numbers.naturalLogarithm(1) == 0)
        #expect(isNear(Numbers.naturalLogarithm(2), 0.693_147_180_559_945_3))
        #expect(isNear(Numbers.naturalLogarithm(10), 2.302_585_092_994_045_7))
        #expect(isNear(Numbers.naturalLogarithm(1e-300), -690.775_527_898_213_7))
        for step in 1..<4_000 {
            let x = Double(step) * 0.013 * (step % 7 == 0 ? 1e12 : 1)
            #expect(isNear(Numbers.naturalLogarithm(x), log(x)), "ln \(x)")
        }
    }

    @Test("the exponential, to the last digits, and its ends")
    func exponential() {
        #expect(Numbers.exponential(0) == 1)
        #expect(isNear(Numbers.exponential(1), 2.718_281_828_459_045))
        #expect(Numbers.exponential(710) == .infinity && Numbers.exponential(-709) == 0)
        #expect(Numbers.exponential(.infinity) == .infinity && Numbers.exponential(-.infinity) == 0)
        #expect(Numbers.exponential(.nan).isNaN)
        for step in -7_000..<7_000 {
            let x = Double(step) * 0.101
            #expect(isNear(Numbers.exponential(x), exp(x)), "e^\(x)")
        }
    }

    @Test("the square root, to the last digits")
    func squareRoot() {
        for step in 1..<2_000 {
            let x = Double(step * step) * 0.37
            #expect(isNear(Numbers.squareRoot(x), x.squareRoot(), ulps: 1), "√\(x)")
        }
        #expect(isNear(Numbers.squareRoot(1e-300), 1e-150) && isNear(Numbers.squareRoot(1e300), 1e150))
    }

    @Test(
        "the inverse of the normal distribution, by tables",
        arguments: [
            (0.5, 0), (0.75, 0.674_489_750_196_081_7), (0.9, 1.281_551_565_544_600_5), (0.95, 1.644_853_626_951_472_3),
            (0.975, 1.959_963_984_540_054_1), (0.99, 2.326_347_874_040_840_8), (0.999, 3.090_232_306_167_813_4),
            (0.1, -1.281_551_565_544_600_5), (0.001, -3.090_232_306_167_813_4), (1e-9, -5.997_807_015_007_687),
            (1e-20, -9.262_340_089_798_409),
        ])
    func inverseNormal(probability: Double, value: Double) {
        #expect(abs(Numbers.inverseNormal(probability) - value) < 2e-14 * max(1, abs(value)))
    }

    @Test("the inverse leads back to the probability it came from")
    func roundTrip() {
        for step in 1..<1_000 {
            let probability = Double(step) / 1_000
            let back = 0.5 * erfc(-Numbers.inverseNormal(probability) / 2.0.squareRoot())
            #expect(abs(back - probability) < 1e-15, "\(probability)")
        }
    }
}
