import Emulator
import Faults
import Fields
import JSON
import Library

extension ControlCalls {
    /// PUT replaces all of it, PATCH adds in front of it, DELETE goes back to the library.
    static let scenario = ControlCalls(
        ControlCall("GET", "scenario") { _, world in told(world) },
        ControlCall("PUT", "scenario") { (request, world) throws(ControlRefusal) in
            try refuse(throughSpace: request)
            return try use(try read(request, world), request, world)
        },
        ControlCall("PATCH", "scenario") { (request, world) throws(ControlRefusal) in
            try refuse(throughSpace: request)
            let added = try read(request, world, isPart: true)
            return try use(world.state.library.scenario.preceded(by: added), request, world)
        },
        ControlCall("DELETE", "scenario") { (request, world) throws(ControlRefusal) in
            try refuse(throughSpace: request)
            return try use(world.library, request, world)
        })

    private static func refuse(throughSpace request: ControlRequest) throws(ControlRefusal) {
        guard let space = request.space else { return }
        throw ControlRefusal(
            400,
            "the scenario belongs to the server, for all spaces: through the space \(Excerpt.of(.string(space))) it is"
                + " only told; send \(request.request.methodText) /_understudy/scenario without a space"
                + " (in the path, the host's name or X-Understudy-Space)")
    }

    private static func use(
        _ scenario: Scenario, _ request: ControlRequest, _ world: ControlWorld
    ) throws(ControlRefusal) -> ControlAnswer {
        do throws(ScenarioRefusal) {
            try world.state.replace(scenario, now: request.now)
        } catch {
            throw ControlRefusal(400, error.description)
        }
        return told(world)
    }

    private static func told(_ world: ControlWorld) -> ControlAnswer {
        .pulled(ScenarioParts(world.state.library, world.texts))
    }

    private static func read(
        _ request: ControlRequest, _ world: ControlWorld, isPart: Bool = false
    ) throws(ControlRefusal) -> Scenario {
        let (read, mistakes) = ScenarioFile.read(
            request.request.body, fileName: "body", .complete(faultsArmedAt: request.now), isPart: isPart)
        guard var scenario = read else {
            throw ControlRefusal(mistakes, orElse: "the body is no scenario")
        }
        let files = world.state.library.scenario.files.merging(world.library.files) { current, _ in current }
        for name in scenario.fileNames {
            // Whoever can reach the port must not be able to read the disk.
            guard let bytes = files[name] else {
                throw ControlRefusal(
                    400, "\(name): replies from files come with a library that is loaded from disk; use text or base64")
            }
            scenario.files[name] = bytes
        }
        return scenario
    }
}
