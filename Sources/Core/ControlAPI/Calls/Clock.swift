import Delivery
import Emulator
import Fields
import JSON
import Time

extension ControlCalls {
    /// What a space takes for now: `{"advance":"59m"}`, `{"set":"2026-…"}`, `{"freeze":true}`; how fast what is waited
    /// for passes there, `{"speed":10}`; and whether signatures age by it, `{"signatures":"server"}`, or in real time.
    static let clock = ControlCalls(
        ControlCall("GET", "clock") { (request, world) throws(ControlRefusal) in
            .json(face(of: try world.space(of: request), request.now))
        },
        ControlCall("PUT", "clock") { (request, world) throws(ControlRefusal) in
            guard let members = try request.json().members, !members.isEmpty else {
                throw ControlRefusal(400, "the body is an object with advance, set, freeze, speed or signatures")
            }
            let space = try world.space(of: request)
            let moves = try read(members)
            for move in moves { turn(space, move, request.now) }
            return .json(face(of: space, request.now))
        })

    private enum Move {
        case advance(Duration)
        case set(Instant)
        case freeze(Bool)
        case speed(Double)
        case signatures(SignatureClock)
    }

    private enum SignatureClock: String {
        case real
        case server
    }

    private static func turn(_ space: Space, _ move: Move, _ real: Instant) {
        switch move {
        case .advance(let duration): space.clock.advance(by: duration, real: real)
        case .set(let moment): space.clock.set(to: moment, real: real)
        case .freeze(let isFrozen): space.clock.freeze(isFrozen, real: real)
        case .speed(let speed): space.speed = speed
        case .signatures(let clock): space.clock.movesSignatures = clock == .server
        }
    }

    private static func face(of space: Space, _ real: Instant) -> Value {
        let signatures: SignatureClock = space.clock.movesSignatures ? .server : .real
        return [
            "now": .string(space.clock.now(real).rfc3339), "real": .string(real.rfc3339),
            "frozen": .bool(space.clock.isFrozen),
            "speed": space.speed == Speed.most ? .string(Speed.wordForMost) : .number(Speed.text(space.speed)),
            "signatures": .string(signatures.rawValue),
        ]
    }

    /// All of them, before any is done.
    private static func read(_ members: [Value.Member]) throws(ControlRefusal) -> [Move] {
        var moves: [Move] = []
        for member in members { moves.append(try read(member)) }
        return moves
    }

    private static func read(_ member: Value.Member) throws(ControlRefusal) -> Move {
        switch member.name {
        case "advance":
            if let duration = member.value.text.flatMap(shift) { return .advance(duration) }
            throw refusal(member, "a duration: \"59m\", or \"-59m\" to go back")
        case "set":
            if let moment = member.value.text.flatMap({ Instant(rfc3339: $0.utf8) }) { return .set(moment) }
            throw refusal(member, "a time: \"2026-01-15T12:00:00Z\"")
        case "freeze":
            if let isFrozen = member.value.bool { return .freeze(isFrozen) }
            throw refusal(member, "true or false")
        case "speed":
            if case .number(let literal) = member.value, let speed = Speed.read(literal) { return .speed(speed) }
            if member.value.text == Speed.wordForMost { return .speed(Speed.most) }
            throw refusal(member, "a number from 0.001 to 1000000, 2 is twice as fast; or \"max\"")
        case "signatures":
            if let clock = member.value.text.flatMap(SignatureClock.init(rawValue:)) { return .signatures(clock) }
            throw refusal(member, "\"server\", or \"real\" to go back")
        default: throw ControlRefusal(400, "“\(member.name)” is none of advance, set, freeze, speed, signatures")
        }
    }

    private static func shift(_ text: String) -> Duration? {
        let isBack = text.hasPrefix("-")
        return Duration(text: isBack ? String(text.dropFirst()) : text).map { isBack ? .zero - $0 : $0 }
    }

    private static func refusal(_ member: Value.Member, _ expected: String) -> ControlRefusal {
        ControlRefusal(400, "“\(member.name)” is \(expected); not \(Excerpt.of(member.value))")
    }
}
