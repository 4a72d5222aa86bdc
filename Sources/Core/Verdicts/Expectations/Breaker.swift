/// `breaker`: a circuit breaker opens when it should, stays open as long as it should, probes and closes as declared.
extension ExpectationKind {
    static let breaker = ExpectationKind(word: "breaker") { reader in
        let policy = BreakerPolicy.read(&reader)
        return { { BreakerJudge(policy) } }
    }
}
