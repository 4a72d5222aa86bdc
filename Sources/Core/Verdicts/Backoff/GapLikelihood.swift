import Mathematics

/// How likely a gap is under a policy, when a client needs a little longer than its wait.
///
/// A gap is the wait and the client's own latency. Latency is never below zero (but for a timer that fires `early`), mostly
/// small, sometimes large, and nothing is known of its distribution; so it has the density s / (y + s)², whose tail is as
/// heavy as tails of latencies are, at several scales s. A hypothesis is given the scale that serves it best, or the
/// average over all, whichever is to its disadvantage in what is to be shown. And a small share of gaps may be anything:
/// attempts that were put together by mistake, a pause of the whole machine.
struct GapLikelihood {
    /// Seconds by which a timer may fire too soon.
    static let early = 0.002

    /// The share of gaps that may be anything.
    let strays: Double
    /// Beyond the longest wait and this a gap is an exception, not a latency.
    let latency: Double
    let scales: [Double]

    init(strays: Double, latency: Double) {
        self.strays = strays
        self.latency = latency
        scales = [0.02, 0.08, 0.2, 0.4].map { $0 * latency }
    }

    /// Sooner than a timer of this wait fires.
    static func isBelow(_ law: DelayLaw, _ gap: Double) -> Bool { gap < law.low * 0.999 - early }

    /// Later than latency explains.
    func isAbove(_ law: DelayLaw, _ gap: Double) -> Bool { gap > law.high * 1.02 + latency }

    func density(_ law: DelayLaw, _ gap: Double, scale: Double) -> Double {
        var density = 0.0
        for part in law.parts {
            let fromLow = gap - part.low + Self.early
            if part.high == part.low {
                if fromLow > 0 { density += part.weight * scale / ((fromLow + scale) * (fromLow + scale)) }
            } else {
                let inside = Self.share(fromLow, scale) - Self.share(gap - part.high + Self.early, scale)
                density += part.weight * inside / (part.high - part.low)
            }
        }
        return (1 - strays) * density + strays / ((1 + abs(gap)) * (1 + abs(gap)))
    }

    private static func share(_ wait: Double, _ scale: Double) -> Double { wait > 0 ? wait / (wait + scale) : 0 }

    /// The logarithms of the likelihood of the first gaps, for each scale, after every few.
    func course(_ policy: BackoffPolicy, _ sample: BackoffSample) -> [[Double]] {
        var course: [[Double]] = []
        walk(policy, sample) { _, logarithms in
            course.append(logarithms)
            return true
        }
        return course
    }

    /// Goes on while `notes` wants, which is told of the logarithms after every few gaps and at the end.
    private func walk(_ policy: BackoffPolicy, _ sample: BackoffSample, _ notes: (Int, [Double]) -> Bool) {
        let laws = sample.laws(of: policy)
        var products = [LogarithmOfProduct](repeating: LogarithmOfProduct(), count: scales.count)
        for (place, gap) in sample.gaps.enumerated() {
            for (number, scale) in scales.enumerated() {
                products[number].multiply(by: density(laws[place], gap.seconds, scale: scale))
            }
            guard (place + 1) % Self.step == 0 || place + 1 == sample.gaps.count else { continue }
            guard notes(place / Self.step, products.map(\.value)) else { return }
        }
    }

    private static let step = 32
    /// What is so unlikely beside the declared policy need not be reckoned to the end; nor, after enough gaps, what is so
    /// much more likely.
    private static let settled = -60.0
    private static let overwhelming = 200.0

    /// ln of a rival's likelihood over the declared policy's: `against` it, with the latency that serves the policy, and
    /// `inFavour` of it, the other way round, with the latency that serves the rival.
    func comparison(
        _ own: [[Double]], _ rival: BackoffPolicy, _ sample: BackoffSample
    ) -> (against: Double, inFavour: Double) {
        var found = (against: -Double.infinity, inFavour: 0.0)
        walk(rival, sample) { place, theirs in
            let mine = own[place]
            found.against = Self.logarithmOfAverage(theirs) - (mine.max() ?? 0)
            found.inFavour = Self.logarithmOfAverage(mine) - (theirs.max() ?? 0)
            return -found.inFavour > Self.settled && (found.against < Self.overwhelming || place < 3)
        }
        return found
    }

    /// How much of the logarithm of a likelihood ratio one gap brings on average when `policy` holds, against `rival`,
    /// for each scale that the rival may have.
    func information(_ policy: BackoffPolicy, _ rival: BackoffPolicy, _ occasion: BackoffPolicy.Occasion) -> [Double] {
        let (law, other) = (policy.law(occasion), rival.law(occasion))
        let typical = 0.003
        var sums = [Double](repeating: 0, count: scales.count)
        for part in law.parts {
            let points = part.high > part.low ? 16 : 1
            for point in 0..<points {
                let wait = part.low + (part.high - part.low) * (Double(point) + 0.5) / Double(points)
                let own = Numbers.naturalLogarithm(density(law, wait + typical, scale: scales[1]))
                for (place, scale) in scales.enumerated() {
                    let theirs = Numbers.naturalLogarithm(density(other, wait + typical, scale: scale))
                    sums[place] += part.weight / Double(points) * (own - theirs)
                }
            }
        }
        return sums
    }

    /// Of likelihoods given by their logarithms: the logarithm of their average.
    static func logarithmOfAverage(_ logarithms: [Double]) -> Double {
        guard let most = logarithms.max() else { return -.infinity }
        let sum = logarithms.reduce(0) { $0 + Numbers.exponential($1 - most) }
        return most + Numbers.naturalLogarithm(sum / Double(logarithms.count))
    }
}

/// Multiplies what would leave the range of numbers, with one logarithm for many factors.
struct LogarithmOfProduct {
    private var product = 1.0
    private var sum = 0.0

    mutating func multiply(by factor: Double) {
        product *= factor
        guard product < 1e-200 || product > 1e200 else { return }
        sum += Numbers.naturalLogarithm(max(product, 1e-300))
        product = 1
    }

    var value: Double { sum + Numbers.naturalLogarithm(max(product, 1e-300)) }
}
