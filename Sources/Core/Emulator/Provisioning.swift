import Runtime
import Time

/// A session's beginning. "One microVM per (runtime, session)", and a concurrent call "while provisioning/tearing down"
/// is answered 409 (wire reference 4). Only an agent whose entry states a `coldStart` takes time to provision.
extension Understudy {
    /// Counts the call into its session, or refuses it; a session that it begins may first have to be provisioned.
    func enter(_ key: Sessions.Key, of agent: KnownAgent, _ visit: inout Visit) throws(Interruption) -> Session {
        if visit.space.sessions.hasProvisioned { try refuseWhileProvisioning(key, of: agent, visit) }
        if let limits = agent.settings.limits { try limitSessions(limits, key, of: agent, visit) }
        let session = visit.space.sessions.enter(
            key, limits: agent.limits, now: visit.now, call: visit.call.number)
        visit.session = session
        if session.calls == 1, let coldStart = agent.settings.session?.coldStart { visit.provision(for: coldStart) }
        return session
    }

    private func refuseWhileProvisioning(
        _ key: Sessions.Key, of agent: KnownAgent, _ visit: borrowing Visit
    ) throws(Interruption) {
        let now = Moment(server: visit.now, real: visit.realNow)
        guard visit.space.sessions.isProvisioning(key, limits: agent.limits, now: now) else { return }
        throw visit.refusal(.retryableConflict)
    }
}

extension Visit {
    /// A year: who waits longer waits for good.
    static let longest = Duration.seconds(31_536_000)

    /// The call's answer waits until its session's machine is there, from the call's arrival on; so does the session.
    mutating func provision(for duration: Duration, fails: Bool = false) {
        guard let key = sessionKey else { return }
        provisioned = max(provisioned, min(duration, Self.longest).nanoseconds)
        let taken = space.duration(of: .nanoseconds(provisioned))
        let end = Moment(server: now + taken, real: call.arrived + taken)
        space.sessions.provision(key, until: end, fails: fails)
    }
}
