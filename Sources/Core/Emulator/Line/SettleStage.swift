import Delivery
import Faults
import HTTPWire
import Journal
import Runtime
import Rules
import Library
import Time

/// Makes of an answer what leaves, and what the journal keeps of it. Faults that bend answers, the space's speed and the
/// end of the session's life have a hand in it last.
enum SettleStage {
    static func settle(
        _ call: OpenCall, _ response: consuming ServiceResponse, seed: UInt64
    ) -> AnsweredCall {
        if call.provisioned > 0 { response.delay = response.delay.later(by: call.provisioned) }
        let givenFields = response.fields.bytes.count
        ServiceFields.add(to: &response.fields, for: call)
        note(response.why, of: call)
        let seed = seed ^ UInt64(truncatingIfNeeded: call.entry.number)
        let script = response.script(seed: seed)
        let outlives = response.takesTime && call.lifeLeft.map { script.lastDue > $0 } == true
        guard !outlives, call.faults.isEmpty, call.space.speed == 1, !(response.takesTime && call.hasTimeLimits) else {
            return settle(
                call, script,
                through: call.faults.benders(protocol: call.protocol, provisioned: call.provisioned))
        }
        keep(call, response.record(seed: seed), givenFields: givenFields)
        if response.takesTime { keepSessionBusy(call, until: script.lastDue) }
        return call.answered(script)
    }

    static func open(
        _ call: OpenCall, _ response: consuming ServiceResponse, _ speaker: Conversation.Speaker, seed: UInt64
    ) -> Understudy.Answer {
        guard response.status == 101, call.agent != nil else {
            let mistake = call.refusal(.validation, "Only the opening of a WebSocket is answered with a conversation")
            guard case .answered(let refusal) = mistake else { return .deliver(settle(call, ScriptedSource([]))) }
            return .deliver(settle(call, refusal, seed: seed))
        }
        let conversation = conversation(call, response, speaker)
        var answered = call.answered(ScriptedSource([]))
        answered.conversation = conversation
        return .converse(answered)
    }

    /// The conversation sends the answer that opens it, and bends it.
    static func conversation(
        _ call: OpenCall, _ response: consuming ServiceResponse, _ speaker: Conversation.Speaker
    ) -> Conversation {
        if call.provisioned > 0 { response.delay = response.delay.later(by: call.provisioned) }
        let givenFields = response.fields.bytes.count
        ServiceFields.add(to: &response.fields, for: call)
        let head = ResponseHead(status: response.status, fields: response.fields, length: .unknown)
        let faults = call.faults
        let benders = faults.benders(protocol: call.protocol, provisioned: call.provisioned)
        // What came of them is known at the end.
        call.faults.note(benders.map { _ in nil })
        call.entry.faults = call.faults.entries.map(Call.Fault.init)
        keep(call, ReplyRecord(status: head.status, fields: head.fields), givenFields: givenFields)
        let limits = call.agent?.limits ?? Sessions.Limits(idle: nil, lifetime: nil)
        let target = call.agent?.target(of: call) ?? Target(agent: "", arn: "", qualifier: call.endpoint)
        let origin = Conversation.Origin(
            space: call.space, session: call.sessionKey, limits: limits,
            sessionBegan: call.session?.created ?? call.now, opened: call.now, arrived: call.entry.arrived,
            question: RuleStage.question(about: target, call))
        return Conversation(
            speaker, origin, opening: call.request, head: head, delay: response.delay, faults: faults,
            benders: benders, chance: call.chance)
    }

    /// The record is what will leave.
    static func settle(
        _ call: OpenCall, _ script: consuming ScriptedSource, through faults: [any StepBender] = []
    ) -> AnsweredCall {
        let limit = call.timeLimit()
        var benders = faults + (limit.map { [$0] } ?? [])
        if call.space.speed != 1 { benders.append(HasteBender(speed: call.space.speed)) }
        if let lifeLeft = call.lifeLeft { benders.append(LifetimeBender(until: lifeLeft)) }
        let bent = BentSource.bend(script, through: benders)
        if limit != nil, bent.reasons[faults.count] == nil { call.entry.why = call.agent?.settings.limits?.whenOver }
        call.faults.note(bent.reasons.prefix(faults.count))
        call.entry.faults = call.faults.entries.map(Call.Fault.init)
        keep(call, ReplyRecord(bent.script), givenFields: .max)
        keepSessionBusy(call, until: bent.script.lastDue)
        return call.answered(bent.script)
    }

    /// A message may repeat what a caller sent, however long that is; the answer has all of it.
    static func note(_ why: String?, of call: OpenCall) {
        if let why { call.entry.why = String(why.prefix(1_000)) }
    }

    private static func keep(_ call: OpenCall, _ record: consuming ReplyRecord?, givenFields: Int) {
        call.entry.reply = record
        call.entry.reply?.givenFields = givenFields
        if let shown = call.shownReply { call.entry.reply?.body = KeptBody.cut(shown) }
    }

    /// A session idles from when its last answer is complete.
    private static func keepSessionBusy(_ call: OpenCall, until end: Int64) {
        guard call.session != nil, let key = call.sessionKey else { return }
        let end = min(end, OpenCall.longest.nanoseconds)
        if end > 0 { call.space.sessions.keepBusy(key, until: call.now + .nanoseconds(end)) }
    }
}

extension Call.Fault {
    init(_ entry: StruckFaults.Entry) {
        self.init(name: entry.name, fault: entry.word, isApplied: entry.reason == nil, why: entry.reason)
    }
}

extension OpenCall {
    /// Observed: `maxLifetime=300` cut what ran in the session at 307 s. Nanoseconds after the call arrived that the
    /// session still lives; nil for a call without one.
    var lifeLeft: Int64? {
        guard let session, let agent else { return nil }
        return max(0, (agent.limits.lifetime - (now - session.created)).nanoseconds)
    }
}

extension OpenCall {
    var hasTimeLimits: Bool {
        guard let limits = agent?.settings.limits else { return false }
        return limits.request != nil || limits.stream != nil
    }

    /// The service's limits of one answer, where the agent's entry states them (wire reference 9).
    func timeLimit() -> TimeLimitBender? {
        guard hasTimeLimits, let limits = agent?.settings.limits else { return nil }
        var late = ServiceResponse(errorAnswer(.gatewayTimeout))
        ServiceFields.add(to: &late.fields, for: self)
        return TimeLimitBender(
            beginning: limits.request?.nanoseconds, ending: limits.stream?.nanoseconds,
            substitute: late.script(seed: 0).steps.flatMap(\.parts))
    }
}

extension ServiceLimits {
    /// For the journal.
    fileprivate var whenOver: String {
        let words = [request.map { "request \($0.text)" }, stream.map { "stream \($0.text)" }].compactMap(\.self)
        return "the answer took longer than the agent's limits allow: \(words.joined(separator: ", "))"
    }
}

extension ReplyRecord {
    /// What will leave; nil when no head does. Several runs of frames are told as one.
    fileprivate init?(_ script: ScriptedSource) {
        var head: ResponseHead?
        var body: [UInt8] = []
        var runs: [FrameRun] = []
        for part in script.steps.flatMap(\.parts) {
            switch part {
            case .head(let found): head = found
            case .body(let bytes): body += bytes
            case .frames(let run): runs.append(run)
            case .wait, .end, .close, .closeConversation, .reset, .hang, .whole: break
            }
        }
        guard let head else { return nil }
        self.init(status: head.status, fields: head.fields, body: body, frames: FrameRun(joining: runs))
    }
}
