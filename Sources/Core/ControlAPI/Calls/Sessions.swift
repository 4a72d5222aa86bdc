import Bytes
import Emulator
import JSON
import Journal
import Runtime
import Time

extension ControlCalls {
    private static let usualSessions = 500

    /// The sessions that live in a space, those used last first, each with its state and when it will end, by the space's
    /// clock.
    static let sessions = ControlCalls(
        ControlCall("GET", "sessions") { (request, world) throws(ControlRefusal) in
            let (space, most) = (try world.space(of: request), try limit(request))
            let now = space.clock.now(request.now)
            let head: Value = [
                "space": .string(space.name), "now": .string(now.rfc3339), "count": Value(space.sessionCount),
            ]
            let latest = space.latestSessions(most)
            return .pulled(
                ListParts("sessions", behind: head, count: latest.count) { index in
                    told(latest[index], in: space, world, now, real: request.now)
                })
        })

    /// As it is when it is told; nil when it is no more.
    private static func told(
        _ key: Sessions.Key, in space: Space, _ world: ControlWorld, _ now: Instant, real: Instant
    ) -> Value? {
        guard let session = space.session(key) else { return nil }
        let limits = world.state.agent(key.agent)?.limits ?? Sessions.Limits(idle: nil, lifetime: nil)
        let (idleEnd, lifetimeEnd) = (session.lastUsed + limits.idle, session.created + limits.lifetime)
        // It ran out; its place is cleared when its name is heard again.
        guard now < idleEnd, now < lifetimeEnd, !session.isEnding else { return nil }
        return [
            "agent": .string(key.agent), "session": .string(Masking.masked(id: key.id)),
            "state": .string(session.state),
            "calls": Value(session.calls), "created": .string(session.created.rfc3339),
            "lastUsed": .string(session.lastUsed.rfc3339), "idleEnd": .string(idleEnd.rfc3339),
            "lifetimeEnd": .string(lifetimeEnd.rfc3339),
            "provisioning": .bool(space.isProvisioning(key, limits: limits, now: real)),
        ]
    }

    private static func limit(_ request: ControlRequest) throws(ControlRefusal) -> Int {
        let parameters = request.parameters ?? [("", "")]
        guard let parameter = parameters.first else { return usualSessions }
        guard parameters.count == 1, parameter.0 == "limit",
            let limit = ASCII.decimal(Array(parameter.1.utf8)), (1...10_000).contains(limit)
        else { throw ControlRefusal(400, "sessions take the parameter limit, from 1 to 10000") }
        return limit
    }
}
