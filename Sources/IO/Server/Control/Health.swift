import Journal
import JSON

/// `GET /_understudy/health`
enum Health {
    static let get = ControlCall(method: "GET", path: "health") { _, service in
        let keeper = service.keeper
        let uptime = service.loop.now &- service.started
        return .json([
            "status": "ok",
            "version": .string(service.settings.version),
            "uptime": .number("\(uptime / 1_000_000_000).\(uptime / 100_000_000 % 10)"),
            "inFlight": Value(service.inFlight),
            "journal": [
                "calls": Value(keeper.log.count),
                "bytes": Value(keeper.log.bytes),
                "dropped": Value(keeper.log.dropped),
                "failure": Value(keeper.failure),
            ],
        ])
    }
}
