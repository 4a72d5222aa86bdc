import Delivery
import SplitMix
import Runtime
import Time

/// One fault that strikes a call.
struct StruckFault: Sendable {
    enum State: Equatable {
        case pending
        case applied
        /// It could not apply, for this reason.
        case void(String)
    }

    let name: String
    let word: String
    let stage: Stage
    /// With the number, what the fault draws.
    let seed: UInt64
    let number: Int
    var state = State.pending

    init(name: String, word: String, stage: Stage, seed: UInt64, number: Int) {
        self.name = name
        self.word = word
        self.stage = stage
        self.seed = seed
        self.number = number
    }

    var chance: Chance { Chance(seed: seed, number: UInt64(truncatingIfNeeded: number)) }
}

/// The faults that strike one call, in the order in which they were armed. Each stage of the call takes its own; what
/// nobody took is told in the journal.
package struct StruckFaults: Sendable {
    private(set) var list: [StruckFault]
    private var coldStart: Duration?

    package init() { list = [] }

    init(_ list: [StruckFault], coldStart: Duration?) {
        self.list = list
        self.coldStart = coldStart
    }

    package var isEmpty: Bool { list.isEmpty }

    package mutating func append(_ others: StruckFaults) {
        list += others.list
        coldStart = coldStart ?? others.coldStart
    }

    // MARK: The stages

    /// First of all: the steps that stand for the whole call, which then reaches no agent.
    package mutating func takeArrival() -> [Step]? {
        for index in list.indices {
            guard case .arrival(let steps) = list[index].stage else { continue }
            list[index].state = .applied
            return steps
        }
        return nil
    }

    /// What is to be added to the time that signatures and tokens are judged by.
    package mutating func takeClockOffset() -> Duration {
        var sum = Duration.zero
        for index in list.indices {
            guard case .clock(let offset) = list[index].stage else { continue }
            list[index].state = .applied
            sum += offset
        }
        return sum
    }

    package mutating func takeIssuerEffects() -> [IssuerEffect] {
        var effects: [IssuerEffect] = []
        for index in list.indices {
            guard case .issuer(let effect) = list[index].stage else { continue }
            list[index].state = .applied
            effects.append(effect)
        }
        return effects
    }

    /// Before rules are asked: the answer of the first fault that has one.
    package mutating func takeRefusal(to caller: @autoclosure () -> Caller) -> RefusingAnswer? {
        for index in list.indices {
            guard case .verdict(let fault) = list[index].stage else { continue }
            list[index].state = .applied
            return fault.refusal(to: caller())
        }
        return nil
    }

    /// Last: what bends the answer on its way out, in the order of arming.
    /// `provisioned` is how much of the answer already waits for the session to be there.
    package func benders(protocol: AgentProtocol, provisioned: Int64 = 0) -> [any StepBender] {
        if list.isEmpty { return [] }
        return list.compactMap { strike in
            guard case .delivery(let fault) = strike.stage else { return nil }
            return fault.bender(
                DeliverySituation(
                    chance: strike.chance, protocol: `protocol`, coldStart: coldStart, provisioned: provisioned))
        }
    }

    /// What came of those benders: why each changed nothing, or nil.
    package mutating func note(_ reasons: some Sequence<String?>) {
        let places = list.indices.filter { if case .delivery = list[$0].stage { true } else { false } }
        for (index, reason) in zip(places, reasons) {
            list[index].state = reason.map(StruckFault.State.void) ?? .applied
        }
    }

    /// What is told of one of them, once the call is decided.
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let word: String
        /// Why it was not applied; nil for one that was.
        package let reason: String?
    }

    /// While nobody knows yet what comes of them.
    package var struck: [Entry] { list.map { Entry(name: $0.name, word: $0.word, reason: nil) } }

    package var entries: [Entry] {
        list.map { strike in
            let reason: String? =
                switch strike.state {
                case .applied: nil
                case .void(let reason): reason
                case .pending: "the call was answered before it came to that"
                }
            return Entry(name: strike.name, word: strike.word, reason: reason)
        }
    }
}
