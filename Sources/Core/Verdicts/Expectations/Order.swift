import JSON
import Fields
import Time

/// `order`: the first call of each of these comes before the first of the next.
extension ExpectationKind {
    static let order = ExpectationKind(word: "order", by: .none, countsNone: true) { reader in
        let known = reader.known
        guard let steps = reader.fields.list("order", { CallMatch.read(&$0, known) }) else { return nil }
        if steps.count < 2 { reader.fields.refuse("order", "an order has at least two steps") }
        for (index, step) in steps.enumerated() where !step.isSaidAtArrival {
            reader.fields.refuse("order", "step \(index + 1) looks at the answer; an order compares arrivals")
        }
        return { { OrderJudge(steps) } }
    }
}

final class OrderJudge: Judge {
    private let steps: [CallMatch]
    private var first: [(call: Int, at: Instant)?]

    init(_ steps: [CallMatch]) {
        self.steps = steps
        first = Array(repeating: nil, count: steps.count)
    }

    func arrived(_ call: borrowing ObservedCall) {
        for place in steps.indices where first[place] == nil && steps[place].matches(call) {
            first[place] = (call.number, call.arrived.real)
        }
    }

    func ruling(at end: Moment) -> Ruling {
        let calls = first.compactMap { $0?.call }
        let figures: [Value.Member] = [
            .init("first", .array(first.map { $0.map { Value($0.call) } ?? .null }))
        ]
        func ruling(_ judgement: Judgement, _ because: String) -> Ruling {
            Ruling(judgement, because, calls: calls, figures: figures)
        }
        for place in first.indices.dropFirst() {
            guard let later = first[place] else { continue }
            for earlier in 0..<place {
                guard let other = first[earlier] else { continue }
                if (other.at, other.call) > (later.at, later.call) {
                    return ruling(
                        .fail,
                        "step \(place + 1) (call \(later.call)) came before step \(earlier + 1) (call \(other.call))")
                }
            }
        }
        if let missing = first.firstIndex(where: { $0 == nil }) {
            return ruling(.inconclusive, "no call of step \(missing + 1) was found")
        }
        return ruling(.pass, "the \(steps.count) steps came in their order")
    }
}
