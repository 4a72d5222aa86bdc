import Access
import Bytes
import Delivery
import SplitMix
import Faults
import HTTPWire
import JSON
import Journal
import Runtime
import Rules
import Library
import Time

/// The whole call. One instance belongs to one event loop; nothing in it waits, reads a clock or touches a socket.
package final class Understudy {
    package struct Settings: Sendable {
        package var seed: UInt64
        package var checksAccess = true
        package var echoesSignatures = true
        /// How many times faster than written what is waited for passes.
        package var speed = 1.0

        package init(seed: UInt64) { self.seed = seed }
    }

    /// What the server does with a call.
    package enum Answer: ~Copyable {
        /// Write the entry, then do the steps.
        case deliver(Delivery)
        /// The verdict needs this document first: fetch it, tell `learn`, and ask again with the same request.
        case fetch(url: String, for: Request)
    }

    package let settings: Settings
    package private(set) var scenario: Scenario
    var directory: Directory
    var doors = Doors()
    var rules: RuleBook
    var gate: Gate
    var spaces: Spaces
    private var number = 0
    /// Tokens made on demand, so that no two are alike.
    private var tokens: UInt64 = 0

    package init(scenario: Scenario, settings: Settings, now: Instant) throws(ScenarioRefusal) {
        self.settings = settings
        self.scenario = scenario
        directory = Directory(scenario.agents)
        rules = try ScenarioRefusal.rules(of: scenario)
        gate = Gate(scenario)
        spaces = Spaces(
            faults: try ScenarioRefusal.faults(of: scenario, settings.seed, now), speed: settings.speed)
    }

    /// A request arrived at `arrived`; it is `now`. They differ only when the call waited for a document.
    package func receive(
        _ request: consuming Request, arrived: Instant, now: Instant, inFlight: Int
    ) -> Answer {
        let (space, path, mistake) = address(of: request, now)
        var visit = Visit(
            number: number + 1, request: request, path: path, space: space, arrived: arrived, now: now,
            inFlight: inFlight, seed: settings.seed)
        var response: Response
        do throws(Interruption) {
            if let mistake { throw visit.refusal(.validation, mistake) }
            response = try answer(&visit)
        } catch {
            switch error {
            case .needs(let url): return .fetch(url: url, for: visit.takeRequest())
            case .struck(let steps):
                number += 1
                settle(&visit, bending: ScriptedSource(steps), through: [])
                return .deliver(visit.takeDelivery())
            case .answered(let refusal): response = refusal
            }
        }
        number += 1
        if visit.provisioned > 0 { response.delay = response.delay.later(by: visit.provisioned) }
        let givenFields = response.fields.bytes.count
        ServiceFields.add(to: &response.fields, for: &visit)
        settle(&visit, response, givenFields: givenFields)
        return .deliver(visit.takeDelivery())
    }

    /// The straight line: operation ← path; agent and endpoint; faults that come first; access; session; what the
    /// operation does. Faults that bend the answer come last, in `settle`.
    private func answer(_ visit: inout Visit) throws(Interruption) -> Response {
        if visit.call.request.isMethod("OPTIONS") { return CrossOrigin.preflight(visit.call.request) }
        if let answer = try issuerAnswer(&visit) { return answer }
        let operation = try operation(&visit)
        try strike(&visit)
        try admit(&visit, to: operation)
        try checkEndpoint(visit)
        try limitRate(visit)
        try refuseByFault(&visit)
        try openSession(&visit, for: operation)
        return try operation.perform(&visit, self)
    }

    private func settle(_ visit: inout Visit, _ response: Response, givenFields: Int) {
        let seed = settings.seed ^ UInt64(truncatingIfNeeded: visit.call.number)
        let script = response.script(seed: seed)
        let outlives = response.takesTime && visit.lifeLeft.map { script.lastDue > $0 } == true
        guard !outlives, visit.strikes.isEmpty, visit.space.speed == 1 else {
            return settle(
                &visit, bending: script,
                through: visit.strikes.benders(protocol: visit.protocol, provisioned: visit.provisioned))
        }
        settle(&visit, script, response.record(seed: seed), givenFields: givenFields)
        if response.takesTime { keepSessionBusy(visit) }
    }

    /// An answer that faults, the space's speed or the session's end have a hand in: the record is what will leave.
    private func settle(_ visit: inout Visit, bending script: ScriptedSource, through faults: [any StepBender]) {
        var benders = faults
        if visit.space.speed != 1 { benders.append(HasteBender(speed: visit.space.speed)) }
        if let lifeLeft = visit.lifeLeft { benders.append(LifetimeBender(until: lifeLeft)) }
        let bent = BentSource.bend(script, through: benders)
        visit.strikes.note(bent.reasons.prefix(faults.count))
        visit.call.faults = visit.strikes.entries
        settle(&visit, bent.script, ReplyRecord(bent.script), givenFields: .max)
        keepSessionBusy(visit)
    }

    /// What the server does, and what the journal is to keep of it.
    private func settle(
        _ visit: inout Visit, _ script: consuming ScriptedSource, _ record: consuming ReplyRecord?, givenFields: Int
    ) {
        visit.call.reply = record
        visit.call.reply?.givenFields = givenFields
        visit.script = script
    }

    /// Bytes arrived that are no request, or one that HTTP forbids: answered, and in the journal like any other call.
    /// `head` is what could be read of it.
    package func receiveRefused(
        status: Int, message: String, head: Request, arrived: Instant, inFlight: Int
    ) -> Answer {
        number += 1
        var visit = Visit(
            number: number, request: head, path: head.path, space: spaces.usual, arrived: arrived, now: arrived,
            inFlight: inFlight, seed: settings.seed)
        settle(&visit, Response(ErrorAnswer(status: status, errorType: nil, message: message)), givenFields: 0)
        return .deliver(visit.takeDelivery())
    }

    /// What came of fetching `url`: its content, or why there is none.
    package func learn(url: String, content: Result<[UInt8], FetchFailure>, now: Instant) {
        gate.learn(url: url, content: content, now: now)
    }

    /// Another scenario from the next call on; sessions begin afresh. Refused whole when something in it cannot be used.
    package func replace(_ scenario: Scenario, now: Instant) throws(ScenarioRefusal) {
        let faults = try ScenarioRefusal.faults(of: scenario, settings.seed, now)
        rules = try ScenarioRefusal.rules(of: scenario)
        gate.adopt(scenario, after: self.scenario)
        self.scenario = scenario
        directory = Directory(scenario.agents)
        doors = Doors()
        spaces.arm(faults, now: now)
    }

    /// Back to the first call: numbers, spaces, sessions, clocks, faults and the issuer's keys, with the scenario as it is.
    package func reset(now: Instant) {
        number = 0
        tokens = 0
        gate.restoreKeys()
        spaces.reset(now: now)
    }

    /// A token on demand, as `TokenDesk` describes it, by the clock of its space; `base` is the server's own URL.
    package func token(
        for request: Value, base: String, space name: String?, now real: Instant
    ) throws(TokenMistake) -> String {
        tokens += 1
        let now = spaces.space(named: name ?? SpaceName.usual, now: real)?.clock.now(real) ?? real
        var chance = Chance(seed: ~settings.seed, number: tokens)
        return try TokenDesk(scenario, issuer: gate.issuer).token(for: request, base: base, now: now, chance: &chance)
    }
}
