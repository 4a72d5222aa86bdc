import JSON
import Journal

extension ControlCalls {
    /// How the server is.
    static let health = ControlCalls(
        ControlCall("GET", "health") { _, world in
            let (journal, uptime) = (world.journal, world.server.uptime)
            return .json([
                "status": "ok",
                "version": .string(world.server.version),
                "uptime": .number("\(uptime / 1_000_000_000).\(uptime / 100_000_000 % 10)"),
                "inFlight": Value(world.server.inFlight),
                "journal": [
                    "calls": Value(journal.count),
                    "bytes": Value(journal.log.bytes),
                    "dropped": Value(journal.dropped),
                    "failure": Value(journal.failure),
                ],
            ])
        })
}
