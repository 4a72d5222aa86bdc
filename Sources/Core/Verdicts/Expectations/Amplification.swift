import JSON
import Time

/// `amplification`: attempts for each invocation, and how much the retries of many callers come at once.
extension ExpectationKind {
    static let amplification = ExpectationKind(word: "amplification") { reader in
        let most = reader.positive("max")
        if !reader.fields.has("max") { reader.fields.refuse("\"max\" is missing") }
        if let most, most < 1 { reader.fields.refuse("max", "an invocation has at least 1 attempt") }
        let herd = reader.positive("herd")
        let story = reader.story()
        let attempts = reader.count("attempts")?.upperBound
        guard let most else { return nil }
        return { { AmplificationJudge(most, herd: herd, Invocations(source: story, mostGuessed: attempts ?? .max)) } }
    }
}

final class AmplificationJudge: Judge {
    private let most: Double
    private let mostHerd: Double?
    private var invocations: Invocations
    private var herd = HerdIndex()
    private var calls = 0
    private var stories = 0
    private var longest = 0
    private var retries = CallNumbers()

    init(_ most: Double, herd: Double?, _ invocations: Invocations) {
        self.most = most
        mostHerd = herd
        self.invocations = invocations
    }

    func arrived(_ call: borrowing ObservedCall) {
        _ = invocations.expire(at: call.arrived.clock)
        let arrival = invocations.arrived(call)
        calls += 1
        longest = max(longest, arrival.story.arrivals)
        if arrival.isNew {
            stories += 1
        } else {
            retries.add(call.number)
            herd.add(call.arrived.clock)
        }
    }

    func ended(_ call: borrowing ObservedCall) { _ = invocations.ended(call) }

    func ruling(at end: Moment) -> Ruling {
        let ratio = Double(calls) / Double(max(1, stories))
        let index = herd.value
        let figures: [Value.Member] = [
            .init("amplification", Figure.number(ratio)), .init("calls", Value(calls)),
            .init("invocations", Value(stories)), .init("retries", Value(retries.count)),
            .init("mostAttempts", Value(longest)), .init("doubtful", Value(invocations.doubtful)),
            .init("herd", Figure.number(index)),
        ]
        let text = "\(calls) calls for \(stories) invocations are \(Figure.decimal(ratio, digits: 2)) each"
        func ruling(_ judgement: Judgement, _ because: String) -> Ruling {
            Ruling(judgement, because, calls: retries.shown, figures: figures)
        }
        // Each doubtful story may be one more or one less.
        let doubt = Double(invocations.doubtful)
        let least = Double(calls) / (Double(stories) + doubt)
        let greatest = Double(calls) / max(1, Double(stories) - doubt)
        if least > most { return ruling(.fail, "\(text), \(Figure.decimal(most, digits: 2)) are allowed") }
        if let mostHerd, let index, index > mostHerd, retries.count >= 20 {
            return ruling(
                .fail,
                "the retries come together: their herd index is \(Figure.decimal(index, digits: 1)), \(Figure.decimal(mostHerd, digits: 1)) is allowed"
            )
        }
        if greatest > most, doubt > 0 {
            return ruling(.inconclusive, "\(text), but \(invocations.doubtful) of them may belong together otherwise")
        }
        return ruling(.pass, "\(text), at most \(Figure.decimal(most, digits: 2)) are allowed")
    }
}

/// How synchronised retries are: of their counts in tenths of a second, while there are any, the variance over the mean.
/// 1 is what independent callers make; the size of the herd is what callers make that all wait the same time.
struct HerdIndex {
    private static let slot: Int64 = 100_000_000
    /// Slots without a retry after which the time between is not part of it.
    private static let pause: Int64 = 100
    private var current: Int64?
    private var inCurrent = 0.0
    private var slots = 0.0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ at: Instant) {
        let slot = at.nanoseconds / Self.slot
        if let current, slot > current {
            close()
            slots += Double(min(slot - current - 1, Self.pause))
            self.current = slot
        } else if current == nil {
            current = slot
        }
        inCurrent += 1
    }

    private mutating func close() {
        slots += 1
        sum += inCurrent
        squares += inCurrent * inCurrent
        inCurrent = 0
    }

    /// Nil when there are too few retries to say.
    var value: Double? {
        var all = self
        all.close()
        guard all.slots >= 2, all.sum >= 10 else { return nil }
        let mean = all.sum / all.slots
        return (all.squares / all.slots - mean * mean) / mean
    }
}
