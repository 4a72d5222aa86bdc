import Delivery
import Fields
import SplitMix
import Time

/// `latency`: the answer, or a part of it, comes later, by a duration drawn for each call.
struct Latency: DeliveryFault {
    enum Place: String, CaseIterable, Sendable {
        case headers
        case firstFrame = "first-frame"
        case everyFrame = "every-frame"
        case end
    }

    static let word = "latency"
    private let distribution: Distribution
    private let place: Place

    init(_ parameters: inout FieldReader) {
        distribution = Distribution(&parameters)
        place = parameters.choice("at", of: Place.self) ?? .headers
    }

    func forecast(_ chance: inout Chance) -> Int64? { distribution.sample(&chance) }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        var chance = situation.chance
        if place == .everyFrame { return FrameDelayBender(distribution, chance) }
        let duration = distribution.sample(&chance)
        if place == .end { return EndDelayBender(by: duration) }
        return DelayBender(at: place == .headers ? .beforeHead : .afterFrames(0), by: duration, purpose: "to delay")
    }
}

/// Every frame of a stream is later than the one before it by as much again as is drawn for it. The messages of a
/// conversation are not written in advance: each is late by what is drawn for it alone.
private struct FrameDelayBender: StepBender {
    private let distribution: Distribution
    private var chance: Chance
    private var passed = AnswerSoFar()
    private var delay: Int64 = 0

    init(_ distribution: Distribution, _ chance: Chance) { (self.distribution, self.chance) = (distribution, chance) }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        passed.note(step)
        guard passed.isStream, case .frames(let run) = step else {
            return bent.append(step.later(by: passed.isConversation ? 0 : delay))
        }
        for index in run.frameIndices {
            let more = distribution.sample(&chance)
            delay = passed.isConversation ? more : delay.later(by: more)
            bent.append(Step.frames(run.only(index..<index + 1)).later(by: delay))
        }
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(last)
        if passed.head == nil { return "nothing of the answer is left to delay" }
        return passed.lack(ofFrames: 0)
    }
}

extension Distribution {
    private static let names = ["delay", "uniform", "normal", "lognormal", "spike"]

    /// One of `delay`, `uniform`, `normal`, `lognormal` and `spike`.
    init(_ parameters: inout FieldReader) {
        let read: [Distribution?] = [
            parameters.faultDuration("delay").map { .fixed($0.nanoseconds) },
            parameters.object("uniform", Self.uniform), parameters.object("normal", Self.normal),
            parameters.object("lognormal", Self.logNormal), parameters.object("spike", Self.spike),
        ]
        let given = Self.names.filter(parameters.has)
        let words = Self.names.map { "\"\($0)\"" }.joined(separator: ", ")
        if given.isEmpty { parameters.refuse("how long is missing", hint: "write one of \(words)") }
        if given.count > 1 {
            parameters.refuse(given[1], "\"\(given[0])\" says how long already", hint: "write one of \(words)")
        }
        self = read.compactMap(\.self).first ?? .fixed(0)
    }

    private static func uniform(_ parameters: inout FieldReader) -> Distribution? {
        let least = parameters.required("min", { $0.faultDuration($1) })
        let most = parameters.required("max", { $0.faultDuration($1) })
        guard let low = least, let high = most else { return nil }
        if low > high { parameters.refuse("max", "is below \"min\"") }
        return .uniform(from: low.nanoseconds, to: max(low, high).nanoseconds)
    }

    private static func normal(_ parameters: inout FieldReader) -> Distribution? {
        let middle = parameters.required("mean", { $0.faultDuration($1) })
        let spread = parameters.required("deviation", { $0.faultDuration($1) })
        guard let mean = middle, let deviation = spread else { return nil }
        return .normal(mean: Double(mean.nanoseconds), deviation: Double(deviation.nanoseconds))
    }

    private static func logNormal(_ parameters: inout FieldReader) -> Distribution? {
        let middle = parameters.required("median", { $0.faultDuration($1) })
        let late = parameters.required("p99", { $0.faultDuration($1) })
        guard let median = middle, let percentile99 = late else { return nil }
        if median <= .zero { parameters.refuse("median", "is not above zero") }
        if percentile99 < median { parameters.refuse("p99", "is below \"median\"") }
        return .logNormal(median: max(1, median.nanoseconds), percentile99: max(median, percentile99).nanoseconds)
    }

    private static func spike(_ parameters: inout FieldReader) -> Distribution? {
        let usual = parameters.required("base", { $0.faultDuration($1) })
        let peak = parameters.required("to", { $0.faultDuration($1) })
        let share = parameters.required("chance", { $0.chance($1) })
        guard let base = usual, let to = peak, let chance = share else { return nil }
        return .spike(base: base.nanoseconds, to: to.nanoseconds, chance: chance)
    }
}

extension FaultKind {
    static let latency = FaultKind(Latency.self)
}
