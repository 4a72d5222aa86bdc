import Delivery
import Emulator
import Fields
import JSON
import Time

/// `…/_understudy/clock`: what a space takes for now. `{"advance":"59m"}`, `{"set":"2026-…"}`, `{"freeze":true}`; and how
/// fast what is waited for passes there, `{"speed":10}`.
enum ClockCalls {
    static let get = ControlCall(method: "GET", path: "clock") { (request, service) throws(ControlRefusal) in
        try service.steer(.clock, request)
    }

    static let put = ControlCall(method: "PUT", path: "clock") { (request, service) throws(ControlRefusal) in
        guard let members = try request.json().members, !members.isEmpty else {
            throw ControlRefusal(400, "the body is an object with advance, set, freeze or speed")
        }
        var answer = try service.steer(.clock, request)
        let moves = try members.map(read)
        for move in moves { answer = try service.steer(move, request) }
        return answer
    }

    private static func read(_ member: Value.Member) throws(ControlRefusal) -> Steering {
        switch member.name {
        case "advance":
            if let duration = member.value.text.flatMap(shift) { return .advanceClock(duration) }
            throw refusal(member, "a duration: \"59m\", or \"-59m\" to go back")
        case "set":
            if let moment = member.value.text.flatMap({ Instant(rfc3339: $0.utf8) }) { return .setClock(moment) }
            throw refusal(member, "a time: \"2026-01-15T12:00:00Z\"")
        case "freeze":
            if let isFrozen = member.value.bool { return .freezeClock(isFrozen) }
            throw refusal(member, "true or false")
        case "speed":
            if case .number(let literal) = member.value, let speed = Speed.read(literal) { return .setSpeed(speed) }
            throw refusal(member, "a number from 0.001 to 1000000: 2 is twice as fast")
        default: throw ControlRefusal(400, "“\(member.name)” is none of advance, set, freeze, speed")
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
