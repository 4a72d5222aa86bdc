import Emulator
import JSON

extension ControlCalls {
    /// Counters, states, sessions, spaces, clocks, faults armed later and the journal, back to the start. Asked of a space,
    /// only what is its own: the journal and the other spaces stay.
    static let reset = ControlCalls(
        ControlCall("POST", "reset") { (request, world) throws(ControlRefusal) in
            if let name = request.space {
                _ = try world.space(of: request)
                _ = world.state.spaces.remove(name, now: request.now)
            } else {
                world.state.reset(now: request.now)
                world.journal.clear(isRestart: true)
            }
            return .json(["status": "ok"])
        })
}
