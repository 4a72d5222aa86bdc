import Testing
import VerdictSimulation

/// A small run of what `make accuracy` measures; the seed is fixed, and printed with what misses.
@Suite("Accuracy") struct AccuracyTests {
    private static let seed: UInt64 = 20

    @Test("correct clients of every policy pass at twenty stories of three attempts, and do not fail at five")
    func correctBackoff() {
        for client in SimulatedBackoff.all {
            let row = BackoffGrid(runs: 5, attempts: 3, stories: 20).row(
                client: client, declared: client.word, seed: Self.seed)
            #expect(row.failed == 0 && row.passed >= 4, "seed \(Self.seed): \(row)")
            let few = BackoffGrid(runs: 5, attempts: 3, stories: 5).row(
                client: client, declared: client.word, seed: Self.seed)
            #expect(few.failed == 0, "seed \(Self.seed): \(few)")
        }
    }

    @Test("clients that follow another policy, or get its numbers wrong, do not pass")
    func wrongBackoff() {
        let clients = SimulatedBackoff.all
        for (place, client) in clients.enumerated() {
            let declared = clients[(place + 3) % clients.count]
            let row = BackoffGrid(runs: 2, attempts: 4, stories: 30).row(
                client: client, declared: declared.word, seed: Self.seed)
            #expect(row.passed == 0 && row.failed == 2, "seed \(Self.seed): \(row)")
        }
        for (declared, client) in SimulatedBackoff.mistaken {
            let row = BackoffGrid(runs: 2, attempts: 4, stories: 40).row(
                client: client, declared: declared, seed: Self.seed)
            #expect(row.passed == 0 && row.failed == 2, "seed \(Self.seed): \(row)")
        }
    }

    @Test("breakers, good and broken, are told apart", arguments: BreakerGrid.cases.indices)
    func breakers(_ place: Int) {
        let row = BreakerGrid.row(BreakerGrid.cases[place], runs: 3, seed: Self.seed)
        if row.isCorrect {
            #expect(row.failed == 0, "seed \(Self.seed): \(row)")
        } else if row.excuse == nil {
            #expect(row.passed == 0 && row.failed == 3, "seed \(Self.seed): \(row)")
        }
    }

    @Test("token caches, good and broken, are told apart")
    func refreshers() {
        for behaviour in SimulatedRefresher.Behaviour.allCases {
            let row = RefreshGrid.row(SimulatedRefresher(behaviour, callers: 20), runs: 3, seed: Self.seed)
            #expect(row.miss == nil, "seed \(Self.seed): \(row)")
        }
    }

    @Test("policies that are the same at a size cannot be told apart there by any test, and others can")
    func separability() {
        let clients = SimulatedBackoff.all
        let three = Separability(attempts: 3, seed: Self.seed)
        func power(_ client: Int, _ declared: Int) -> Double {
            three.power(client: clients[client], declared: clients[declared], stories: 20, seed: Self.seed)
        }
        #expect(power(2, 3) < 0.5)
        #expect(power(4, 8) < 0.5)
        #expect(power(3, 1) > 0.9)
        #expect(power(12, 4) > 0.9)
    }
}
