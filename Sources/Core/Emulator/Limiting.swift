import Runtime
import Library
import Time

/// The service's quotas and rates (wire reference 9), for agents whose entries state them: what goes beyond a quota is
/// answered 402, what comes faster than a rate 429.
extension Understudy {
    func limitRate(_ visit: borrowing Visit) throws(Interruption) {
        guard let agent = visit.agent, let rate = agent.settings.limits?.rate else { return }
        guard !visit.space.usage[agent.arn, default: Usage()].admitsCall(rate, at: visit.now) else { return }
        throw visit.refusal(.throttling)
    }

    /// Asked of a call that may begin a session.
    func limitSessions(
        _ limits: ServiceLimits, _ key: Sessions.Key, of agent: KnownAgent, _ visit: borrowing Visit
    ) throws(Interruption) {
        let (space, now) = (visit.space, visit.now)
        if space.sessions.isAlive(key, limits: agent.limits, now: now) { return }
        if let rate = limits.newSessions, !space.usage[agent.arn, default: Usage()].admitsSession(rate, at: now) {
            throw visit.refusal(.throttling)
        }
        guard let most = limits.sessions else { return }
        let sessions = space.sessions
        let isAdmitted = space.usage[agent.arn, default: Usage()].admitsSession(key.id, most: most) { id in
            sessions.isAlive(Sessions.Key(agent: agent.arn, id: id), limits: agent.limits, now: now)
        }
        // Observed: "maxVms limit exceeded for account <acct>".
        guard !isAdmitted else { return }
        throw visit.refusal(.serviceQuotaExceeded, "maxVms limit exceeded for account \(agent.reference.account)")
    }
}
