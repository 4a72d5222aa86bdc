import Delivery
import Runtime
import Time

/// How long a session lasts, and what that means for an answer that takes its time.
extension Understudy {
    /// A session idles from when its last answer is complete.
    func keepSessionBusy(_ visit: borrowing Visit) {
        guard visit.session != nil, let key = visit.sessionKey else { return }
        let end = min(visit.script.lastDue, Visit.longest.nanoseconds)
        if end > 0 { visit.space.sessions.keepBusy(key, until: visit.now + .nanoseconds(end)) }
    }
}

extension Visit {
    /// Observed: `maxLifetime=300` cut what ran in the session at 307 s. Nanoseconds after the call arrived that the
    /// session still lives; nil for a call without one.
    var lifeLeft: Int64? {
        guard let session, let agent else { return nil }
        return max(0, (agent.limits.lifetime - (now - session.created)).nanoseconds)
    }
}
