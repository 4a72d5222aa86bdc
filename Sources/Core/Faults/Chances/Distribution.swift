import Mathematics
import SplitMix

/// How long something takes, drawn from a chance. Nanoseconds.
enum Distribution: Equatable, Sendable {
    case fixed(Int64)
    /// Any duration between the two is as likely as any other.
    case uniform(from: Int64, to: Int64)
    /// The bell, cut off at zero.
    case normal(mean: Double, deviation: Double)
    /// What waiting times look like: half are below the median, a few are far above it. `sigma` is the deviation of the
    /// logarithm.
    case logNormal(median: Double, sigma: Double)
    /// Mostly `base`, and now and then `to`.
    case spike(base: Int64, to: Int64, chance: Double)

    /// The 99th percentile of a standard normal variate.
    private static let normal99 = 2.326_347_874_040_840_8
    /// No sample is longer: a year.
    static let longest: Int64 = 31_536_000_000_000_000

    static func logNormal(median: Int64, percentile99: Int64) -> Distribution {
        let ratio = Double(percentile99) / Double(median)
        return .logNormal(median: Double(median), sigma: Numbers.naturalLogarithm(ratio) / normal99)
    }

    func sample(_ chance: inout Chance) -> Int64 {
        switch self {
        case .fixed(let duration): duration
        case .uniform(let from, let to): from + Int64(Double(to - from) * Self.inner(&chance))
        case .normal(let mean, let deviation):
            Self.bounded(mean + deviation * Numbers.inverseNormal(Self.inner(&chance)))
        case .logNormal(let median, let sigma):
            Self.bounded(median * Numbers.exponential(sigma * Numbers.inverseNormal(Self.inner(&chance))))
        case .spike(let base, let to, let share): chance.unit() < share ? to : base
        }
    }

    /// Above 0 and below 1: the inverse of a distribution has no value at its ends.
    private static func inner(_ chance: inout Chance) -> Double { (Double(chance.next() >> 12) + 0.5) * 0x1p-52 }

    private static func bounded(_ sample: Double) -> Int64 {
        sample < 0 ? 0 : sample < Double(longest) ? Int64(sample) : longest
    }
}
