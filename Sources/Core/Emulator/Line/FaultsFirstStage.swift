import Access
import Bytes
import Faults
import HTTPWire
import Runtime
import Time

/// Decides which faults strike the call, and lets act those that come before everybody else. Nothing here knows one by
/// its name.
enum FaultsFirstStage {
    static func strike(_ call: OpenCall, _ gate: inout Gate, _ settings: Understudy.Settings) -> LineExit? {
        let header = call.request.text(of: .fault)
        guard call.space.hasFaults || header != nil else { return nil }
        // Whoever has to wait for a document is asked about again, and would be counted again.
        if settings.checksAccess, call.documents < Gate.mostDocuments, let url = missingDocument(call, &gate) {
            return .needs(url: url)
        }
        if let refusal = decide(call, header) { return refusal }
        if let steps = call.faults.takeArrival() { return .struck(steps) }
        for case .rotation(let keepsOld) in call.faults.takeIssuerEffects() {
            call.space.issuer.rotate(keepsOld: keepsOld)
        }
        call.skew = call.faults.takeClockOffset()
        return nil
    }

    private static func missingDocument(_ call: OpenCall, _ gate: inout Gate) -> String? {
        guard let agent = call.agent, case .jwt(let authorizer) = agent.auth else { return nil }
        return gate.missingDocument(of: authorizer, now: call.realNow)
    }

    private static func decide(_ call: OpenCall, _ header: String?) -> LineExit? {
        let candidate = candidate(of: call)
        let startsSession = call.space.faults.asksForSessions && startsSession(call)
        call.faults = call.space.faults.decide(candidate) { startsSession }
        guard let header else { return nil }
        switch call.space.faults.strikes(named: header, candidate) {
        case .success(let more): call.faults.append(more)
        case .failure(let mistakes):
            return call.refusal(.validation, "X-Understudy-Fault: \(mistakes.description)")
        }
        return nil
    }

    private static func candidate(of call: OpenCall) -> FaultCandidate {
        FaultCandidate(
            agent: call.entry.agent ?? "", agentID: call.agent?.id ?? "", endpoint: call.endpoint,
            operation: call.entry.operation ?? "", session: call.entry.session,
            coldStart: call.coldStart, now: call.now)
    }

    /// Whether the call's session is yet to be made. What faults counted of an earlier one that ran out is forgotten.
    private static func startsSession(_ call: OpenCall) -> Bool {
        guard let session = call.entry.session, let agent = call.agent else { return true }
        let key = Sessions.Key(agent: agent.arn, id: session)
        if call.space.sessions.isAlive(key, limits: agent.limits, now: call.now) { return false }
        if call.space.sessions.removeIfRunOut(key, limits: agent.limits, now: call.now) {
            call.space.faults.endSession(agent: agent.arn, session: session)
        }
        return true
    }
}
