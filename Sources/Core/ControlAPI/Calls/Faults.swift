import Emulator
import Faults
import Fields
import JSON
import Library
import Runtime

extension ControlCalls {
    /// What is armed in a space, one more, one or all of them less.
    static let faults = ControlCalls(
        ControlCall("GET", "faults") { (request, world) throws(ControlRefusal) in
            .json(["faults": try world.space(of: request).faults.listing])
        },
        ControlCall("GET", "faults/{name}") { (request, world) throws(ControlRefusal) in
            guard let fault = try world.space(of: request).faults.listing(of: request.segments[1]) else {
                throw noFault(request)
            }
            return .json(fault)
        },
        // One fault object, spelled as in a scenario file.
        ControlCall("POST", "faults") { (request, world) throws(ControlRefusal) in
            let (entry, mistakes) = ScenarioFile.readFault(request.request.body, fileName: "body", .complete())
            guard let entry else { throw ControlRefusal(mistakes, orElse: "the body is no fault") }
            let space = try world.space(of: request)
            do throws(Mistakes) {
                let name = try space.arm(entry, now: request.now)
                return .json(space.faults.listing(of: name) ?? .null, status: 201)
            } catch {
                throw ControlRefusal(400, error.description)
            }
        },
        ControlCall("PATCH", "faults/{name}") { (request, world) throws(ControlRefusal) in
            let members = try request.json().members
            guard let members, members.count == 1, members[0].name == "enabled", let isEnabled = members[0].value.bool
            else { throw ControlRefusal(400, "a fault is switched by {\"enabled\": true} or {\"enabled\": false}") }
            let space = try world.space(of: request)
            guard space.faults.enable(request.segments[1], isEnabled) else { throw noFault(request) }
            return .json(space.faults.listing(of: request.segments[1]) ?? .null)
        },
        ControlCall("DELETE", "faults") { (request, world) throws(ControlRefusal) in
            let space = try world.space(of: request)
            let count = space.faults.listing.array?.count ?? 0
            space.faults.disarmAll()
            return .json(["disarmed": Value(count)])
        },
        ControlCall("DELETE", "faults/{name}") { (request, world) throws(ControlRefusal) in
            guard try world.space(of: request).faults.disarm(request.segments[1]) else { throw noFault(request) }
            return .json(["disarmed": 1])
        })

    private static func noFault(_ request: ControlRequest) -> ControlRefusal {
        ControlRefusal(404, "no fault “\(request.segments[1])” is armed")
    }
}

extension ControlRefusal {
    /// All mistakes of what was sent; the first one says it.
    init(_ mistakes: [Mistake], orElse message: String) {
        self.init(
            400, mistakes.first?.description ?? message,
            extra: [.init("mistakes", .array(mistakes.map { .string($0.description) }))])
    }
}

extension ControlWorld {
    /// The space that the request names, the usual one without; made when it is named first.
    func space(of request: ControlRequest) throws(ControlRefusal) -> Space {
        try space(named: request.space ?? SpaceName.usual, request) {
            "“\($0)” is no name of a space, or there are too many"
        }
    }

    func space(
        named name: String, _ request: ControlRequest, orElse why: (String) -> String
    ) throws(ControlRefusal) -> Space {
        guard let space = state.spaces.space(named: name, now: request.now) else {
            throw ControlRefusal(400, why(name))
        }
        return space
    }
}
