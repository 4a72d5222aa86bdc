import SplitMix
import Time

/// A definition armed in one space.
struct Armed: Sendable {
    let definition: Definition
    let seed: UInt64
    let window: Range<Int64>
    /// Over all agents.
    var struck = 0
    /// Whether it strikes at all: a fault that is switched off stays armed, and counts no call.
    var isEnabled = true

    init(_ definition: Definition, seed: UInt64, space: String, at now: Instant) {
        self.definition = definition
        self.seed = Self.seed(seed, space: space, name: definition.name)
        window = definition.trigger.window(armedAt: now)
    }

    /// Whether the call that the candidate tells of is struck. `count` remembers what came before it.
    mutating func decide(_ candidate: FaultCandidate, _ count: inout FaultCount, startsSession: () -> Bool)
        -> StruckFault?
    {
        guard isEnabled, window.contains(candidate.now.nanoseconds), definition.concerns(candidate) else { return nil }
        if definition.isOnce, struck > 0 { return nil }
        var memory = count.memory(for: candidate, perSession: definition.remembersSessions)
        memory.calls += 1
        let number = memory.calls
        let strikes =
            definition.trigger.strikes(call: number, struckBefore: memory.strikes, seed: seed)
            && definition.fault.holds(for: candidate, &memory, startsSession: startsSession)
        if strikes { memory.strikes += 1 }
        count.keep(memory, for: candidate, perSession: definition.remembersSessions)
        guard strikes else { return nil }
        struck += 1
        return StruckFault(
            name: definition.name, word: definition.entry.fault, stage: definition.stage, seed: ~seed, number: number)
    }

    /// The seed of everything that is drawn for a fault of this name in this space: FNV-1a over both, mixed into the
    /// run's seed.
    static func seed(_ seed: UInt64, space: String, name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Array(space.utf8) + [0xFF] + Array(name.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        var chance = Chance(seed: seed ^ hash)
        return chance.next()
    }
}
