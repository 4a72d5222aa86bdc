import Mathematics

/// How often a caller calls when nothing keeps it from it, and what a silence says against that.
///
/// A silence is no proof of a breaker: the caller may have had nothing to ask. Its chance is that of one more gap as long,
/// after the gaps that were seen: exactly, when they come from an exponential clock. A caller that has paused before is not
/// such a clock; then no silence as long as its pauses counts for more than how often it paused.
struct CallRate {
    private var sum = 0.0
    private(set) var count = 0
    private var longest: [Double] = []
    private static let kept = 32

    mutating func add(_ gap: Double) {
        // By a clock that stands still there is no time between two calls; no caller is as fast as that.
        sum += max(0.001, gap)
        count += 1
        guard longest.count < Self.kept || gap > longest[longest.count - 1] else { return }
        let place = longest.firstIndex { $0 < gap } ?? longest.count
        longest.insert(gap, at: place)
        if longest.count > Self.kept { longest.removeLast() }
    }

    /// Seconds between two calls.
    var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// How likely an idle caller is silent for this long.
    func chance(ofSilence seconds: Double) -> Double {
        let exponential = Tails.exponentialGap(seconds, afterGaps: count, of: sum)
        let asLong = longest.prefix { $0 >= seconds * 0.8 }.count
        return asLong == 0 ? exponential : max(exponential, Double(asLong) / Double(count + 1))
    }
}
