import Mathematics

/// The distribution of one wait: a mixture of certain values and of stretches in which any value is as likely as any other.
/// Every policy of section 7 is one, whatever its attempt, cap and hint. Seconds.
struct DelayLaw: Equatable, Sendable {
    /// A certain value where both ends are the same.
    struct Part: Equatable, Sendable {
        var low: Double
        var high: Double
        var weight: Double
    }

    private(set) var parts: [Part]

    init(_ parts: [Part]) { self.parts = parts.filter { $0.weight > 0 } }

    static func certain(_ value: Double) -> DelayLaw { DelayLaw([Part(low: value, high: value, weight: 1)]) }

    static func uniform(_ low: Double, _ high: Double) -> DelayLaw {
        DelayLaw([Part(low: low, high: max(low, high), weight: 1)])
    }

    var low: Double { parts.reduce(.infinity) { min($0, $1.low) } }
    var high: Double { parts.reduce(0) { max($0, $1.high) } }
    var mean: Double { parts.reduce(0) { $0 + $1.weight * ($1.low + $1.high) / 2 } }

    /// What is longer becomes the cap.
    func capped(at cap: Double) -> DelayLaw {
        DelayLaw(cut(at: cap).map { $0.low >= cap ? Part(low: cap, high: cap, weight: $0.weight) : $0 })
    }

    /// What is shorter becomes the floor.
    func raised(to floor: Double) -> DelayLaw {
        DelayLaw(cut(at: floor).map { $0.high <= floor ? Part(low: floor, high: floor, weight: $0.weight) : $0 })
    }

    /// max(t, min(hint, t + most)): the rule of the AWS SDKs' newer retries.
    func following(hint: Double, most: Double) -> DelayLaw {
        let pieces = DelayLaw(cut(at: hint)).cut(at: hint - most)
        return DelayLaw(
            pieces.map { piece in
                if piece.low >= hint { return piece }
                if piece.high > hint - most { return Part(low: hint, high: hint, weight: piece.weight) }
                return Part(low: piece.low + most, high: piece.high + most, weight: piece.weight)
            })
    }

    private func cut(at place: Double) -> [Part] {
        parts.flatMap { part -> [Part] in
            guard part.low < place, place < part.high else { return [part] }
            let share = (place - part.low) / (part.high - part.low) * part.weight
            return [
                Part(low: part.low, high: place, weight: share),
                Part(low: place, high: part.high, weight: part.weight - share),
            ]
        }
    }

    /// The chance of a wait up to this long.
    func share(upTo wait: Double) -> Double {
        parts.reduce(0) { sum, part in
            if wait >= part.high { return sum + part.weight }
            return wait <= part.low ? sum : sum + part.weight * (wait - part.low) / (part.high - part.low)
        }
    }
}
