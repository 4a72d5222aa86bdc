import Access
import Bytes
import Delivery
import Faults
import HTTPWire
import Journal
import Runtime
import Fields
import Time

/// Where faults touch the straight line. Nothing here knows one by its name.
extension Understudy {
    /// The space of a request, the path without its prefix, and what is wrong with its name.
    func address(of request: borrowing Request, _ now: Instant) -> (Space, Range<Int>, String?) {
        do throws(SpaceAddress.Mistake) {
            let address = try SpaceAddress(request)
            guard let name = address.name else { return (spaces.usual, address.path, nil) }
            if let space = spaces.space(named: name, now: now) { return (space, address.path, nil) }
            return (spaces.usual, address.path, "there are \(Spaces.most) spaces already: drop some")
        } catch {
            guard case .invalid(let name) = error else { return (spaces.usual, request.path, nil) }
            return (
                spaces.usual, request.path,
                "“\(name)” is no name of a space: write letters, digits, - and _, 63 at most"
            )
        }
    }

    /// Decides which faults strike this call, and lets act those that come before everybody else.
    func strike(_ visit: inout Visit) throws(Interruption) {
        let header = visit.call.request.value(of: OneCall.field).map { String(lossy: $0) }
        guard visit.space.hasFaults || header != nil else { return }
        try fetchDocuments(for: visit)
        let occasion = occasion(of: visit)
        let startsSession = visit.space.faults.asksForSessions && startsSession(visit)
        visit.strikes = visit.space.faults.decide(occasion) { startsSession }
        if let header {
            switch visit.space.faults.strikes(named: header, occasion) {
            case .success(let more): visit.strikes.append(more)
            case .failure(let mistakes):
                throw visit.refusal(.validation, "X-Understudy-Fault: \(mistakes.description)")
            }
        }
        if let steps = visit.strikes.takeArrival() { throw .struck(steps) }
        for case .rotation(let keepsOld) in visit.strikes.takeIssuerEffects() { gate.rotateKeys(keepsOld: keepsOld) }
        visit.skew = visit.strikes.takeClockOffset()
    }

    /// Whoever has to wait for a document is asked about again, and would be counted again.
    private func fetchDocuments(for visit: borrowing Visit) throws(Interruption) {
        guard settings.checksAccess, let agent = visit.agent, case .jwt(let authorizer) = agent.auth,
            let url = gate.missingDocument(of: authorizer, now: visit.now)
        else { return }
        throw .needs(url: url)
    }

    /// A fault's own answer, in place of the agent's: only for callers who were let in.
    func refuseByFault(_ visit: inout Visit) throws(Interruption) {
        guard !visit.strikes.isEmpty else { return }
        let dialect = visit.agent?.dialect ?? .y2025
        let caller = Caller(protocol: visit.protocol, dialect: dialect, requestID: visit.requestID)
        guard let refusal = visit.strikes.takeRefusal(to: caller) else { return }
        var response = Response(refusal.answer)
        for field in refusal.fields { response.fields.add(name: field.name, value: field.value) }
        if refusal.pointsToMetadata, let resource = protectedResource(visit) {
            response.fields.add("WWW-Authenticate", resource.challenge)
        }
        throw .answered(response)
    }

    private func occasion(of visit: borrowing Visit) -> Occasion {
        let agent = visit.agent
        return Occasion(
            agent: visit.call.agent ?? "", agentID: agent?.id ?? "", endpoint: visit.call.qualifier ?? "DEFAULT",
            operation: visit.call.operation ?? "", session: visit.call.session,
            coldStart: agent?.settings.session?.coldStart, now: visit.now)
    }

    /// Whether the call's session is yet to be made. What faults counted of an earlier one that ran out is forgotten.
    private func startsSession(_ visit: borrowing Visit) -> Bool {
        guard let session = visit.call.session, let agent = visit.agent else { return true }
        let key = Sessions.Key(agent: agent.arn, id: session)
        if visit.space.sessions.isAlive(key, limits: agent.limits, now: visit.now) { return false }
        if visit.space.sessions.removeIfRunOut(key, limits: agent.limits, now: visit.now) {
            visit.space.faults.endSession(agent: agent.arn, session: session)
        }
        return true
    }
}

extension ReplyRecord {
    /// What will leave; nil when no head does. Several runs of frames are told as one.
    init?(_ script: ScriptedSource) {
        var head: ResponseHead?
        var body: [UInt8] = []
        var runs: [FrameRun] = []
        for part in script.steps.flatMap(\.parts) {
            switch part {
            case .head(let found): head = found
            case .body(let bytes): body += bytes
            case .frames(let run): runs.append(run)
            case .wait, .end, .close, .reset, .hang, .whole: break
            }
        }
        guard let head else { return nil }
        self.init(status: head.status, fields: head.fields, body: body, frames: FrameRun(joining: runs))
    }
}
