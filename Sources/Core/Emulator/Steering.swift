import Access
import Delivery
import Faults
import Fields
import JSON
import Library
import Runtime
import Time

/// What the control API asks of a space, or of the spaces.
package enum Steering: Sendable {
    case faults
    case fault(String)
    case arm(FaultEntry)
    /// Nil disarms all of them.
    case disarm(String?)
    /// Of so many calls: those to come, or with `from` those from this number on.
    case plan(calls: Int, from: Int?)
    case clock
    case advanceClock(Duration)
    case setClock(Instant)
    case freezeClock(Bool)
    /// How many times faster than written what is waited for passes.
    case setSpeed(Double)
    case spaces
    case makeSpace(String)
    case dropSpace(String)
}

/// Why it is not done.
package enum SteeringRefusal: Error, Equatable {
    /// The caller's mistake, in words.
    case mistaken(String)
    case unknown(String)

    package var message: String {
        switch self {
        case .mistaken(let message), .unknown(let message): message
        }
    }
}

extension Understudy {
    package var scenario: Scenario { state.library.scenario }

    package func replace(_ scenario: Scenario, now: Instant) throws(ScenarioRefusal) {
        try state.replace(scenario, now: now)
    }

    package func reset(now: Instant) { state.reset(now: now) }

    package func token(
        for request: Value, base: String, space name: String?, now: Instant
    ) throws(TokenMistake) -> String {
        try state.token(for: request, base: base, space: name, now: now)
    }

    /// Does it in the space of this name, the usual one without. What comes back is JSON, as bytes: a plan may be long.
    package func steer(_ steering: Steering, space name: String?, now: Instant) throws(SteeringRefusal) -> [UInt8] {
        guard let space = state.spaces.space(named: name ?? SpaceName.usual, now: now) else {
            throw .mistaken("“\(name ?? "")” is no name of a space, or there are too many")
        }
        switch steering {
        case .faults: return Value.object([.init("faults", space.faults.listing)]).compact
        case .fault(let name):
            guard let fault = space.faults.listing(of: name) else { throw Self.noFault(name) }
            return fault.compact
        case .arm(let entry): return try arm(entry, in: space, now)
        case .disarm(let name): return try disarm(name, in: space)
        case .plan(let calls, let from): return try plan(of: space.faults, calls, from)
        case .spaces, .makeSpace, .dropSpace: return try steerSpaces(steering, now)
        case .clock, .advanceClock, .setClock, .freezeClock, .setSpeed: return steerClock(steering, of: space, now)
        }
    }

    /// One plan for each agent that was called may add up to more than anybody reads.
    private func plan(of book: FaultBook, _ calls: Int, _ from: Int?) throws(SteeringRefusal) -> [UInt8] {
        if let from { return book.plan(calls: calls, from: from).json }
        let plans = book.plansToCome(calls: calls)
        guard plans.count * calls <= 1_000_000 else {
            throw .mistaken(
                "\(plans.count) agents were called so far: ask for \(1_000_000 / plans.count) calls at most")
        }
        return plans.json
    }

    private func arm(_ entry: FaultEntry, in space: Space, _ now: Instant) throws(SteeringRefusal) -> [UInt8] {
        do throws(Mistakes) {
            let name = try space.arm(entry, now: now)
            return (space.faults.listing(of: name) ?? .null).compact
        } catch {
            throw .mistaken(error.description)
        }
    }

    private func disarm(_ name: String?, in space: Space) throws(SteeringRefusal) -> [UInt8] {
        let before = space.faults.listing.array?.count ?? 0
        if let name {
            guard space.faults.disarm(name) else { throw Self.noFault(name) }
        } else {
            space.faults.disarmAll()
        }
        return Value.object([.init("disarmed", Value(name == nil ? before : 1))]).compact
    }

    private func steerClock(_ steering: Steering, of space: Space, _ real: Instant) -> [UInt8] {
        switch steering {
        case .advanceClock(let duration): space.clock.advance(by: duration, real: real)
        case .setClock(let moment): space.clock.set(to: moment, real: real)
        case .freezeClock(let isFrozen): space.clock.freeze(isFrozen, real: real)
        case .setSpeed(let speed): space.speed = speed
        default: break
        }
        return Value.object([
            .init("now", .string(space.clock.now(real).rfc3339)), .init("real", .string(real.rfc3339)),
            .init("frozen", .bool(space.clock.isFrozen)), .init("speed", .number(Speed.text(space.speed))),
        ]).compact
    }

    private func steerSpaces(_ steering: Steering, _ now: Instant) throws(SteeringRefusal) -> [UInt8] {
        switch steering {
        case .makeSpace(let name):
            guard let space = state.spaces.space(named: name, now: now) else {
                throw .mistaken("“\(name)” is no name of a space: write letters, digits, - and _, 63 at most")
            }
            return Self.summary(of: space, now).compact
        case .dropSpace(let name):
            guard state.spaces.remove(name, now: now) else { throw .unknown("there is no space “\(name)”") }
            return Value.object([.init("dropped", .string(name))]).compact
        default:
            return Value.object([.init("spaces", .array(state.spaces.all.map { Self.summary(of: $0, now) }))]).compact
        }
    }

    private static func summary(of space: Space, _ now: Instant) -> Value {
        .object([
            .init("name", .string(space.name)), .init("sessions", Value(space.sessionCount)),
            .init("faults", Value(space.faults.listing.array?.count ?? 0)),
            .init("now", .string(space.clock.now(now).rfc3339)),
        ])
    }

    private static func noFault(_ name: String) -> SteeringRefusal { .unknown("no fault “\(name)” is armed") }
}
