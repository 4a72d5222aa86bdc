import Emulator
import JSON

/// `POST /_understudy/reset`: counters, states, sessions, spaces, clocks, faults armed later and the journal, back to the start.
/// Asked of a space, only what is its own: the journal and the other spaces stay.
enum Reset {
    static let post = ControlCall(method: "POST", path: "reset") { (request, service) throws(ControlRefusal) in
        if let space = request.space {
            _ = try service.steer(.makeSpace(space), request)
            _ = try service.steer(.dropSpace(space), request)
        } else {
            service.answering.reset(now: service.instant(at: request.arrived))
            service.keeper.clear(isRestart: true)
        }
        return .json(["status": "ok"])
    }
}
