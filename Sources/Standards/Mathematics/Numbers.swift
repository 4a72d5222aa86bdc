/// The few functions of a real number that distributions need. Core links no libm, and a result that differs in its last
/// bit from one libm to the next would be another plan on another machine: these use nothing but + − × ÷.
package enum Numbers {
    private static let lnOf2High = 0x1.62e42fee00000p-1
    private static let lnOf2Low = 0x1.a39ef35793c76p-33

    /// The natural logarithm of a positive, finite number: ln x = e ln 2 + 2 artanh((m − 1) / (m + 1)), where
    /// x = m 2^e and m lies around 1, so that the series ends after eleven terms.
    package static func naturalLogarithm(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.414_213_562_373_095_1 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var series = 0.0
        for odd in stride(from: 23, through: 3, by: -2) { series = (series + 1 / Double(odd)) * square }
        return exponent * lnOf2High + (exponent * lnOf2Low + 2 * (ratio + ratio * series))
    }

    /// e to the power of x: e^x = 2^k e^r, where |r| ≤ ½ ln 2, so that the series ends after fourteen terms.
    package static func exponential(_ x: Double) -> Double {
        guard x < 709 else { return x.isNaN ? x : .infinity }
        guard x > -708 else { return 0 }
        let scaled = x * 1.442_695_040_888_963_4
        let power = Int(scaled + (scaled < 0 ? -0.5 : 0.5))
        let rest = (x - Double(power) * lnOf2High) - Double(power) * lnOf2Low
        var series = 1.0
        for term in stride(from: 14, through: 1, by: -1) { series = 1 + rest / Double(term) * series }
        return Double(sign: .plus, exponent: power, significand: series)
    }

    /// Of a positive, finite number, by Newton's method from half its exponent. (`squareRoot()` is a call of libm where it
    /// could fail.)
    package static func squareRoot(_ x: Double) -> Double {
        var root = Double(bitPattern: (x.bitPattern >> 1) + (1023 << 51))
        for _ in 0..<5 { root = 0.5 * (root + x / root) }
        return root
    }

    /// The value below which a standard normal variate falls with this probability, 0 < p < 1: Wichura's algorithm
    /// AS 241 (PPND16), right to about 16 digits.
    package static func inverseNormal(_ probability: Double) -> Double {
        let distance = probability - 0.5
        if abs(distance) <= 0.425 {
            let square = 0.180_625 - distance * distance
            return distance * polynomial(middleNumerator, square) / polynomial(middleDenominator, square)
        }
        let tail = distance < 0 ? probability : 1 - probability
        let radius = squareRoot(-naturalLogarithm(tail))
        let value =
            radius <= 5
            ? polynomial(nearNumerator, radius - 1.6) / polynomial(nearDenominator, radius - 1.6)
            : polynomial(farNumerator, radius - 5) / polynomial(farDenominator, radius - 5)
        return distance < 0 ? -value : value
    }

    /// The first coefficient is the constant.
    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        var sum = 0.0
        for coefficient in coefficients.reversed() { sum = sum * x + coefficient }
        return sum
    }

    private static let middleNumerator = [
        3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e2, 1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4, 4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3,
    ]
    private static let middleDenominator = [
        1.0, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083_0e2, 5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4, 3.930_789_580_009_271_061_0e4, 2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ]
    private static let nearNumerator = [
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4,
    ]
    private static let nearDenominator = [
        1.0, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40, 6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1, 1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ]
    private static let farNumerator = [
        6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90, 1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1, 2.653_218_952_657_612_309_30e-2, 1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7,
    ]
    private static let farDenominator = [
        1.0, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1, 1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4, 1.846_318_317_510_054_681_80e-5, 1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ]
}
