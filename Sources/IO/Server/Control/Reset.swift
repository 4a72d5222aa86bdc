import JSON

/// `POST /_understudy/reset`: counters, states, sessions, spaces, clocks, faults armed later and the journal, back to the start.
enum Reset {
    static let post = ControlCall(method: "POST", path: "reset") { request, service in
        service.answering.reset(now: service.instant(at: request.arrived))
        service.keeper.clear(isRestart: true)
        return .json(["status": "ok"])
    }
}
