/// Probabilities that a test of hypotheses rests on, each exact or an upper bound: a test built on them errs to the side of
/// the accused.
package enum Tails {
    /// At least so many of `count` independent trials succeed, each with this chance.
    package static func binomial(atLeast least: Int, of count: Int, chance: Double) -> Double {
        guard least > 0 else { return 1 }
        guard least <= count, chance > 0 else { return 0 }
        guard Double(least) > Double(count) * chance else { return 1 }
        let odds = chance / (1 - chance)
        var term = Numbers.exponential(
            logChoose(count, least) + Double(least) * Numbers.naturalLogarithm(chance)
                + Double(count - least) * Numbers.naturalLogarithm(1 - chance))
        var sum = term
        var successes = least
        while successes < count, term > sum * 1e-17 {
            term *= Double(count - successes) / Double(successes + 1) * odds
            sum += term
            successes += 1
        }
        return min(1, sum)
    }

    /// How far an empirical distribution of `count` samples strays to one side of the true one with this probability, at
    /// most: the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (1990), P(D⁺ > d) ≤ exp(−2nd²).
    package static func empiricalDistance(count: Int, level: Double) -> Double {
        Numbers.squareRoot(Numbers.naturalLogarithm(1 / level) / (2 * Double(max(1, count))))
    }

    /// A gap of an exponential clock, of which `count` gaps with this sum were seen, is this long or longer: the ratio of
    /// the two is Fisher's F with 2 and 2n degrees of freedom, so nothing is lost to the rate's being an estimate.
    package static func exponentialGap(_ gap: Double, afterGaps count: Int, of sum: Double) -> Double {
        guard count > 0, sum > 0, gap > 0 else { return 1 }
        return Numbers.exponential(-Double(count) * Numbers.naturalLogarithm(1 + gap / sum))
    }

    private static func logChoose(_ count: Int, _ chosen: Int) -> Double {
        logFactorial(count) - logFactorial(chosen) - logFactorial(count - chosen)
    }

    /// Stirling's series, which from ten on is right to the last digits.
    static func logFactorial(_ number: Int) -> Double {
        guard number > 1 else { return 0 }
        guard number >= 10 else {
            return (2...number).reduce(0) { $0 + Numbers.naturalLogarithm(Double($1)) }
        }
        let x = Double(number)
        let inverse = 1 / x
        let square = inverse * inverse
        let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
        return x * Numbers.naturalLogarithm(x) - x + 0.5 * Numbers.naturalLogarithm(2 * Double.pi * x) + series
    }
}
