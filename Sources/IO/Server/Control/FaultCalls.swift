import Emulator
import JSON
import Library

/// `…/_understudy/faults`: what is armed in a space, one more, one or all of them less.
enum FaultCalls {
    static let get = ControlCall(method: "GET", path: "faults") { (request, service) throws(ControlRefusal) in
        try service.steer(.faults, request)
    }

    static let getOne = ControlCall(method: "GET", path: "faults/{name}") { (request, service) throws(ControlRefusal) in
        try service.steer(.fault(request.segments[1]), request)
    }

    /// Takes one fault object, spelled as in a scenario file.
    static let post = ControlCall(method: "POST", path: "faults") {
        (request, service) throws(ControlRefusal) in
        let (entry, mistakes) = ScenarioFile.readFault(
            request.request.body, fileName: "body", .complete())
        guard let entry else {
            var refusal = ControlRefusal(400, mistakes.first?.description ?? "the body is no fault")
            refusal.extra = [.init("mistakes", .array(mistakes.map { .string($0.description) }))]
            throw refusal
        }
        return try service.steer(.arm(entry), request, status: 201)
    }

    static let delete = ControlCall(method: "DELETE", path: "faults") { (request, service) throws(ControlRefusal) in
        try service.steer(.disarm(nil), request)
    }

    static let deleteOne = ControlCall(method: "DELETE", path: "faults/{name}") {
        (request, service) throws(ControlRefusal) in
        try service.steer(.disarm(request.segments[1]), request)
    }
}

extension Service {
    /// Asks the emulator, in the space that the request names.
    func steer(
        _ steering: Steering, _ request: ControlRequest, status: Int = 200
    ) throws(ControlRefusal) -> ControlAnswer {
        do throws(SteeringRefusal) {
            let body = try answering.steer(steering, space: request.space, now: instant(at: request.arrived))
            return .bytes(body, status: status)
        } catch {
            switch error {
            case .mistaken(let message): throw ControlRefusal(400, message)
            case .unknown(let message): throw ControlRefusal(404, message)
            }
        }
    }
}
