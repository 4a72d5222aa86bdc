import JSON

/// `idempotence`: nothing is done twice whose first answer had been complete, within five minutes. Where calls come so fast
/// that it remembers fewer of them, a figure says for how long it did.
extension ExpectationKind {
    static let idempotence = ExpectationKind(word: "idempotence") { reader in
        let most = reader.most("repeats") ?? 0
        let story = reader.story()
        return { { IdempotenceJudge(most, Invocations(source: story, outlivesAnswers: true)) } }
    }
}

final class IdempotenceJudge: Judge {
    private let most: Int
    private var invocations: Invocations
    private var calls = 0
    private var repeats = CallNumbers()
    private var guessed = 0

    init(_ most: Int, _ invocations: Invocations) {
        self.most = most
        self.invocations = invocations
    }

    func arrived(_ call: borrowing ObservedCall) {
        calls += 1
        _ = invocations.expire(at: call.arrived.clock)
        let arrival = invocations.arrived(call)
        guard arrival.after?.isAnswered == true else { return }
        repeats.add(call.number)
        if arrival.story.grouping == .guessed { guessed += 1 }
    }

    func ended(_ call: borrowing ObservedCall) { _ = invocations.ended(call) }

    func ruling(at end: Moment) -> Ruling {
        let figures: [Value.Member] = [
            .init("calls", Value(calls)), .init("repeats", Value(repeats.count)),
            .init("guessed", Value(guessed)), .init("doubtful", Value(invocations.doubtful)),
            .init("secondsRemembered", Figure.number(invocations.memory)),
        ]
        guard repeats.count > most else {
            let text = repeats.count == 0 ? "nothing was" : "\(repeats.text) \(repeats.count == 1 ? "was" : "were")"
            return Ruling(.pass, "of \(calls) calls \(text) repeated after a complete answer", figures: figures)
        }
        let how = guessed > 0 ? "the same payload in the same session" : "the same invocation"
        return Ruling(
            .fail, "\(repeats.text) repeated what had been answered to its end (\(how)); \(most) are allowed",
            calls: repeats.shown, figures: figures)
    }
}
