import Delivery
import Emulator
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
        switch (member.name, member.value) {
        case ("advance", .string(let text)):
            let isBack = text.hasPrefix("-")
            if let duration = Duration(text: isBack ? String(text.dropFirst()) : text) {
                return .advanceClock(isBack ? .zero - duration : duration)
            }
        case ("set", .string(let text)):
            if let moment = Instant(rfc3339: text.utf8) { return .setClock(moment) }
        case ("freeze", .bool(let isFrozen)): return .freezeClock(isFrozen)
        case ("speed", .number(let literal)):
            if let speed = Speed.read(literal) { return .setSpeed(speed) }
            throw ControlRefusal(400, "“speed” is a number from 0.001 to 1000000: 2 is twice as fast")
        default: break
        }
        throw ControlRefusal(
            400,
            "“\(member.name)” is none of {\"advance\": \"59m\"}, {\"set\": \"2026-01-15T12:00:00Z\"}, "
                + "{\"freeze\": true}, {\"speed\": 10}"
        )
    }
}
