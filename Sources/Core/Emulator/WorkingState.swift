import Access
import Faults
import Fields
import Forwarding
import JSON
import Library
import Recording
import Rules
import Runtime
import SplitMix
import Time

/// A library made ready: immutable, and replaced as a whole.
package final class LibrarySnapshot: Sendable {
    package let scenario: Scenario
    let rules: RuleBook
    /// What the journal may call a rule.
    package var ruleNames: [String] { (0..<rules.count).map(rules.name) }
    let recordings: ReplayBook
    /// As every space begins with them.
    let faults: FaultBook

    /// Refused whole when something in the scenario cannot be used.
    init(_ scenario: Scenario, _ settings: Understudy.Settings, now: Instant) throws(ScenarioRefusal) {
        self.scenario = scenario
        do throws(Mistakes) {
            faults = try FaultBook(scenario.faults, seed: settings.seed, space: SpaceName.usual, now: now)
        } catch {
            throw ScenarioRefusal(description: error.description)
        }
        do throws(RuleRefusal) {
            rules = try RuleBook(scenario)
        } catch {
            throw ScenarioRefusal(description: error.description)
        }
        do throws(ReplayMistake) {
            recordings = try ReplayBook(scenario.recorded, scenario.replay, settings.replay)
        } catch {
            throw ScenarioRefusal(description: error.description)
        }
    }
}

/// Why a scenario that reads well cannot be served: a rule or a fault in it, and what is wrong with it.
package struct ScenarioRefusal: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// All that an emulator knows and that changes. The line works on it call by call; whoever shows or changes it from
/// outside, the control calls above all, does it here and in a `Space`.
package final class WorkingState {
    private let settings: Understudy.Settings
    package private(set) var library: LibrarySnapshot
    /// What the loop remembers of the library: dropped with it.
    var agents: KnownAgents
    /// Who may call, with the keys and tokens that are known.
    var gate: Gate
    package var spaces: Spaces
    /// Who calls that are passed on are signed for.
    private(set) var identity = Identity.Knowledge.unknown
    /// So far.
    var calls = 0
    /// Made on demand, so that no two are alike.
    private var tokens: UInt64 = 0

    init(scenario: Scenario, settings: Understudy.Settings, now: Instant) throws(ScenarioRefusal) {
        self.settings = settings
        library = try LibrarySnapshot(scenario, settings, now: now)
        agents = KnownAgents(scenario.agents)
        gate = Gate(scenario)
        spaces = Spaces(faults: library.faults, speed: settings.speed)
    }

    /// Whether large contents are of interest to nobody here, and only passed on.
    package var onlyPassesOn: Bool {
        let passes = settings.forward.destination != nil || library.scenario.agents.contains { $0.forward != nil }
        return passes && settings.forward.unmatched.passes && library.rules.count == 0 && library.recordings.isEmpty
    }

    /// What the library knows of the agent with this ARN.
    package func agent(_ arn: String) -> KnownAgent? {
        if case .known(let agent) = agents.find(segment: Array(arn.utf8)[...], account: nil) { agent } else { nil }
    }

    /// Real credentials are as good as the library's while calls are passed on. What was known stays while it holds,
    /// where none were found this time.
    func learn(_ found: Identity.Knowledge) {
        if case .missing = found, case .known(let identity) = identity, identity.credential.expires != nil { return }
        identity = found
        guard case .known(let identity) = found else { return }
        gate.accept(accessKeyId: identity.accessKeyId, identity.credential)
    }

    /// Another scenario from the next call on; sessions begin afresh. Refused whole when something in it cannot be used.
    package func replace(_ scenario: Scenario, now: Instant) throws(ScenarioRefusal) {
        let next = try LibrarySnapshot(scenario, settings, now: now)
        gate.adopt(scenario, after: library.scenario)
        library = next
        agents = KnownAgents(scenario.agents)
        spaces.arm(next.faults, now: now)
    }

    /// Back to the first call: numbers, spaces, sessions, clocks, faults and the issuer's keys, with the scenario as it is.
    package func reset(now: Instant) {
        calls = 0
        tokens = 0
        spaces.reset(now: now)
    }

    /// Why nobody may take such a token, or nil.
    package func doubt(aboutTokenFor request: Value, base: String) -> String? {
        TokenRequests(library.scenario).doubt(about: request, base: base)
    }

    /// A token on demand, as `TokenRequests` describes it, by the clock of its space; `base` is the server's own URL.
    package func token(
        for request: Value, base: String, space name: String?, now real: Instant
    ) throws(TokenMistake) -> String {
        tokens += 1
        let space = spaces.space(named: name ?? SpaceName.usual, now: real) ?? spaces.usual
        var chance = Chance(seed: ~settings.seed, number: tokens)
        return try TokenRequests(library.scenario, issuer: space.issuer)
            .token(for: request, base: base, now: space.clock.now(real), chance: &chance)
    }
}
