/// One wait that was seen.
struct BackoffGap: Sendable {
    var occasion: BackoffPolicy.Occasion
    /// From the end of the failed answer to the arrival of the next attempt.
    var seconds: Double
    /// Of the next attempt.
    var call: Int
    /// Among the sample's occasions.
    fileprivate(set) var place = 0

    init(occasion: BackoffPolicy.Occasion, seconds: Double, call: Int) {
        self.occasion = occasion
        self.seconds = seconds
        self.call = call
    }
}

/// The waits of one caller: all of them while they are few, then every second, fourth, eighth, spread over the whole time.
struct BackoffSample: Sendable {
    static let most = 512

    private(set) var gaps: [BackoffGap] = []
    private(set) var count = 0
    private var stride = 1

    mutating func add(_ gap: BackoffGap) {
        defer { count += 1 }
        guard count % stride == 0 else { return }
        gaps.append(gap)
        guard gaps.count > Self.most else { return }
        gaps = gaps.indices.filter { $0 % 2 == 0 }.map { gaps[$0] }
        stride *= 2
    }

    /// What a law depends on, wherever it is not the wait before: each once, with how often, in the order of appearance.
    private(set) var occasions: [(occasion: BackoffPolicy.Occasion, count: Int)] = []

    /// Fills in `occasions`, when all gaps are there.
    mutating func settle() {
        var places: [BackoffPolicy.Occasion: Int] = [:]
        occasions = []
        for index in gaps.indices {
            var occasion = gaps[index].occasion
            occasion.before = nil
            let place = places[occasion] ?? occasions.count
            if place == occasions.count {
                places[occasion] = place
                occasions.append((occasion, 0))
            }
            occasions[place].count += 1
            gaps[index].place = place
        }
    }

    /// The law of each gap. Most depend on the occasion alone, of which there are few.
    func laws(of policy: BackoffPolicy) -> [DelayLaw] {
        if policy.form == .decorrelated { return gaps.map { policy.law($0.occasion) } }
        let laws = occasions.map { policy.law($0.occasion) }
        return gaps.map { laws[$0.place] }
    }
}
