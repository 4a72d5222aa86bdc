import JSON
import Time

/// `breaker`: a circuit breaker opens when it should, stays open as long as it should, probes and closes as declared.
extension ExpectationKind {
    static let breaker = ExpectationKind(word: "breaker") { reader in
        let policy = BreakerPolicy.read(&reader)
        return { { BreakerJudge(policy) } }
    }
}

/// Judges a breaker from the calls that it lets through.
///
/// Rules: a call that the declared breaker would have kept back is a failure of it, and settles it. Silence is evidence
/// only against the rate at which the caller had been calling: the breaker passes when its silences come from an idle caller
/// with a chance of at most 1 %, and fails for silences only when they come again, after failures and never otherwise, with
/// a chance of at most 0.05 % together. A mark of the caller settles what silence leaves open.
final class BreakerJudge: Judge {
    private let policy: BreakerPolicy?
    private var machines: [BreakerMachine]

    init(_ policy: BreakerPolicy?) {
        self.policy = policy
        machines = (policy.map { [$0] } ?? BreakerPolicy.presets).map(BreakerMachine.init)
    }

    func arrived(_ call: borrowing ObservedCall) {
        for place in machines.indices { machines[place].arrived(call.number, at: call.arrived.clock) }
    }

    func ended(_ call: borrowing ObservedCall) {
        guard let ended = call.ended else { return }
        for place in machines.indices {
            let isFailure: Bool? =
                machines[place].policy.failures.contains(call) ? true : call.isAnswered ? false : nil
            machines[place].ended(call.number, at: ended.clock, isFailure: isFailure)
        }
    }

    func marked(_ mark: ObservedMark) {
        for place in machines.indices { machines[place].marked(at: mark.at.clock) }
    }

    func ruling(at end: Moment) -> Ruling {
        for place in machines.indices { machines[place].finish(at: end.clock) }
        if policy != nil { return BreakerReading(machines[0]).ruling }
        return BreakerReading.best(machines.map(BreakerReading.init))
    }
}
