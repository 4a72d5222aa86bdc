import Bytes
import JSON
import Fields
import Time

/// `quiet`: no call for a time, from a moment, a call, or the trip of a breaker.
extension ExpectationKind {
    static let quiet = ExpectationKind(word: "quiet", countsNone: true) { reader in
        let from = Quiet.readFrom(&reader)
        let length = reader.fields.duration("for")?.inSeconds
        if !reader.fields.has("for") { reader.fields.refuse("\"for\" is missing") }
        guard let from, let length else { return nil }
        let rule = reader.tripRule ?? BreakerPolicy("five failures")
        return { { QuietJudge(from, length, rule) } }
    }
}

enum Quiet {
    enum From: Sendable {
        case moment(Instant)
        case call(Int)
        case trip
    }

    static func readFrom(_ reader: inout ExpectationReader) -> From? {
        guard let node = reader.fields.required("from") else { return nil }
        if let number = node.integer, number > 0 { return .call(number) }
        if node.text == "trip" { return .trip }
        if let text = node.text, let moment = Instant(rfc3339: text.utf8) { return .moment(moment) }
        if let text = node.text, let number = ASCII.decimal(Array(text.utf8)), number > 0 { return .call(number) }
        reader.fields.refuse(
            "from", "\(Excerpt.of(node.value)) is no beginning",
            hint: "write a moment like \"2026-01-15T12:00:00Z\", the number of a call, or \"trip\"")
        return nil
    }
}

final class QuietJudge: Judge {
    private let from: Quiet.From
    private let length: Double
    private let rule: BreakerPolicy
    private var counter: FailureCounter
    private var start: Instant?
    private var disturbers = CallNumbers()

    init(_ from: Quiet.From, _ length: Double, _ rule: BreakerPolicy) {
        self.from = from
        self.length = length
        self.rule = rule
        counter = FailureCounter(rule)
        if case .moment(let moment) = from { start = moment }
    }

    func arrived(_ call: borrowing ObservedCall) {
        if case .call(let number) = from, start == nil, call.number >= number {
            start = call.arrived.clock
            if call.number == number { return }
        }
        guard let start else { return }
        let since = call.arrived.clock.seconds(after: start)
        var isInside = since >= 0 && since < length
        // Within the grace of a trip a client may not have known of it.
        if case .trip = from, since <= rule.grace { isInside = false }
        if isInside { disturbers.add(call.number) }
    }

    func ended(_ call: borrowing ObservedCall) {
        guard case .trip = from, start == nil, let ended = call.ended else { return }
        if rule.failures.contains(call) {
            counter.failed(at: ended.clock, isCertain: true, inFlight: 0, hidden: 0)
            if counter.hasTripped { start = ended.clock }
        } else {
            counter.succeeded(at: ended.clock, arrived: call.arrived.clock)
        }
    }

    func ruling(at end: Moment) -> Ruling {
        let span = Figure.time(length)
        guard let start else {
            let what = if case .trip = from { "there was no trip" } else { "the call it begins with did not come" }
            return Ruling(.inconclusive, "\(what), so there is no time to be quiet in")
        }
        let figures: [Value.Member] = [.init("count", Value(disturbers.count))]
        let interval = [Interval("quiet", from: start, to: start.adding(seconds: length), calls: disturbers.shown)]
        if disturbers.count > 0 {
            return Ruling(
                .fail, "\(disturbers.text) came in the \(span) that should have been quiet", calls: disturbers.shown,
                figures: figures, intervals: interval)
        }
        if end.clock < start.adding(seconds: length) {
            let passed = Figure.time(max(0, end.clock.seconds(after: start)))
            return Ruling(
                .inconclusive, "no call came so far, but only \(passed) of \(span) have passed", figures: figures,
                intervals: interval)
        }
        return Ruling(.pass, "no call came for \(span)", figures: figures, intervals: interval)
    }
}
