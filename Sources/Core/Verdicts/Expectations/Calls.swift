import JSON

/// `calls`: how many calls there were.
extension ExpectationKind {
    static let calls = ExpectationKind(word: "calls", countsNone: true) { reader in
        guard let count = reader.count("count") else {
            if !reader.fields.has("count") { reader.fields.refuse("\"count\" is missing") }
            return nil
        }
        return { { CallsJudge(count) } }
    }
}

final class CallsJudge: Judge {
    private let wanted: ClosedRange<Int>
    private var seen = CallNumbers()

    init(_ wanted: ClosedRange<Int>) { self.wanted = wanted }

    func arrived(_ call: borrowing ObservedCall) { seen.add(call.number) }

    func ruling(at end: Moment) -> Ruling {
        let isRight = wanted.contains(seen.count)
        let calls = seen.count == 1 ? "1 call was" : "\(seen.count) calls were"
        var ruling = Ruling(
            isRight ? .pass : .fail, "\(calls) made, \(Self.text(wanted)) expected", calls: seen.shown,
            figures: [.init("count", Value(seen.count))])
        ruling.mayChange = seen.count <= wanted.upperBound
        return ruling
    }

    static func text(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        return range.lowerBound == 0 ? "at most \(range.upperBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
