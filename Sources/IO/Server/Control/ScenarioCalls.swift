import Emulator
import Faults
import JSON
import Library
import Store

/// `…/_understudy/scenario`: PUT replaces all of it, PATCH adds in front of it, DELETE goes back to the library.
enum ScenarioCalls {
    static let get = ControlCall(method: "GET", path: "scenario") { _, service in
        .json(ScenarioFile.value(of: service.answering.scenario))
    }

    static let put = ControlCall(method: "PUT", path: "scenario") { (request, service) throws(ControlRefusal) in
        try use(try read(request, service), request, service)
    }

    static let patch = ControlCall(method: "PATCH", path: "scenario") { (request, service) throws(ControlRefusal) in
        try use(service.answering.scenario.preceded(by: try read(request, service)), request, service)
    }

    static let delete = ControlCall(method: "DELETE", path: "scenario") { (request, service) throws(ControlRefusal) in
        try use(service.library, request, service)
    }

    private static func use(
        _ scenario: Scenario, _ request: ControlRequest, _ service: Service
    ) throws(ControlRefusal) -> ControlAnswer {
        do throws(ScenarioRefusal) {
            try service.answering.replace(scenario, now: service.instant(at: request.arrived))
        } catch {
            throw ControlRefusal(400, error.description)
        }
        return .json(ScenarioFile.value(of: scenario))
    }

    private static func read(_ request: ControlRequest, _ service: Service) throws(ControlRefusal)
        -> Scenario
    {
        let (read, mistakes) = ScenarioFile.read(
            request.request.body, fileName: "body",
            .complete(faultsArmedAt: service.instant(at: request.arrived)))
        guard var scenario = read else {
            var refusal = ControlRefusal(400, mistakes.first?.description ?? "the body is no scenario")
            refusal.extra = [.init("mistakes", .array(mistakes.map { .string($0.description) }))]
            throw refusal
        }
        let files = service.answering.scenario.files.merging(service.library.files) { current, _ in current }
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
