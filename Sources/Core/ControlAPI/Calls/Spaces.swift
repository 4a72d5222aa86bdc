import Emulator
import Faults
import JSON
import Time

extension ControlCalls {
    /// Isolated copies of the changing state.
    static let spaces = ControlCalls(
        ControlCall("GET", "spaces") { request, world in
            let spaces = world.state.spaces.all
            return .pulled(ListParts("spaces", count: spaces.count) { summary(of: spaces[$0], request.now) })
        },
        ControlCall("GET", "spaces/{name}") { (request, world) throws(ControlRefusal) in
            let name = request.segments[1]
            guard let space = world.state.spaces.all.first(where: { $0.name == name }) else {
                throw ControlRefusal(404, "there is no space “\(name)”")
            }
            return .json(summary(of: space, request.now))
        },
        ControlCall("PUT", "spaces/{name}") { (request, world) throws(ControlRefusal) in
            let space = try world.space(named: request.segments[1], request) {
                "“\($0)” is no name of a space: write letters, digits, - and _, 63 at most"
            }
            return .json(summary(of: space, request.now))
        },
        ControlCall("DELETE", "spaces/{name}") { (request, world) throws(ControlRefusal) in
            let name = request.segments[1]
            guard world.state.spaces.remove(name, now: request.now) else {
                throw ControlRefusal(404, "there is no space “\(name)”")
            }
            return .json(["dropped": .string(name)])
        })

    private static func summary(of space: Space, _ now: Instant) -> Value {
        [
            "name": .string(space.name), "sessions": Value(space.sessionCount),
            "faults": Value(space.faults.listing.array?.count ?? 0), "now": .string(space.clock.now(now).rfc3339),
        ]
    }
}
