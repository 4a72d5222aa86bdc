import Delivery
import Runtime
import Rules
import Library
import Time

/// Counts the call into its session, which it may begin. "One microVM per (runtime, session)", and a concurrent call "while
/// provisioning/tearing down" is answered 409 (wire reference 4). What goes beyond the quotas that an agent's entry states
/// is answered 402, sessions that begin faster than its rate 429 (wire reference 9).
enum CountingStage {
    static func count(_ call: OpenCall, for operation: Operation) -> LineExit? {
        guard operation.countsCalls, let key = call.sessionKey, let agent = call.agent else { return nil }
        if call.space.sessions.hasProvisioned, isProvisioning(key, of: agent, call) {
            return call.refusal(.retryableConflict)
        }
        if let limits = agent.settings.limits, let refusal = refuse(key, of: agent, beyond: limits, call) {
            return refusal
        }
        let session = call.space.sessions.enter(
            key, limits: agent.limits, now: call.now, call: call.entry.number)
        call.session = session
        call.entry.sessionCall = session.calls
        if session.calls == 1, let coldStart = call.coldStart {
            call.provision(for: coldStart)
            call.space.usage[agent.arn, default: Usage()].noteColdStart()
        }
        return nil
    }

    private static func isProvisioning(
        _ key: Sessions.Key, of agent: KnownAgent, _ call: OpenCall
    ) -> Bool {
        call.space.sessions.isProvisioning(
            key, limits: agent.limits, now: SessionMoment(server: call.now, real: call.realNow))
    }

    private static func refuse(
        _ key: Sessions.Key, of agent: KnownAgent, beyond limits: ServiceLimits, _ call: OpenCall
    ) -> LineExit? {
        let (space, now) = (call.space, call.now)
        if space.sessions.isAlive(key, limits: agent.limits, now: now) { return nil }
        if let rate = limits.newSessions, !space.usage[agent.arn, default: Usage()].admitsSession(rate, at: now) {
            return call.throttled
        }
        guard let most = limits.sessions else { return nil }
        let sessions = space.sessions
        let isAdmitted = space.usage[agent.arn, default: Usage()].admitsSession(key.id, most: most) { id in
            sessions.isAlive(Sessions.Key(agent: agent.arn, id: id), limits: agent.limits, now: now)
        }
        // Observed: "maxVms limit exceeded for account <acct>".
        return isAdmitted
            ? nil
            : call.refusal(.serviceQuotaExceeded, "maxVms limit exceeded for account \(agent.reference.account)")
    }
}

extension OpenCall {
    /// A year: who waits longer waits for good.
    static let longest = Duration.seconds(31_536_000)

    /// How long the agent's next session takes to begin.
    var coldStart: Duration? {
        guard let agent, let time = agent.settings.session?.coldStart else { return nil }
        return time.time(ofSession: (space.usage[agent.arn]?.coldStarts ?? 0) + 1)
    }

    /// When something is over that takes this long from the call's arrival on.
    func moment(after duration: Duration) -> SessionMoment {
        let taken = space.duration(of: min(duration, Self.longest))
        return SessionMoment(server: now + taken, real: entry.arrived + taken)
    }

    /// The call's answer waits until its session's machine is there, from the call's arrival on; so does the session.
    func provision(for duration: Duration, fails: Bool = false) {
        guard let key = sessionKey else { return }
        provisioned = max(provisioned, min(duration, Self.longest).nanoseconds)
        space.sessions.provision(key, until: moment(after: .nanoseconds(provisioned)), fails: fails)
    }
}
