import Bytes
import Conversations
import Delivery
import Faults
import HTTPWire
import JSON
import Journal
import Recording
import Redaction
import Rules
import Runtime
import SplitMix
import Time

/// An opened conversation: what its rule, a recording or another side says to it, through the faults of its call, in its session and by the clock of
/// its space.
package final class Conversation: ConversationPartner {
    /// What the journal and the rules know of the call.
    struct Origin {
        var space: Space
        var session: Sessions.Key?
        var limits: Sessions.Limits
        /// When the session began, and when the conversation was opened, by the space's clock; the latter also really.
        var sessionBegan: Instant
        var opened: Instant
        var arrived: Instant
        var question: Question
    }

    /// Who says what the client hears.
    package enum Speaker: Sendable {
        case script(CompiledConversation)
        case recorded(RecordedConversation)
        case other(FarEnd)
    }

    /// What bends the messages: only conversations that a fault strikes, or whose space is in a hurry, have such.
    private final class Bending {
        var source: BentSource
        var faults: StruckFaults
        let faultCount: Int
        /// Nobody is asked after the last step.
        var isOver = false

        init(_ source: BentSource, _ faults: StruckFaults, faultCount: Int) {
            (self.source, self.faults, self.faultCount) = (source, faults, faultCount)
        }
    }

    /// The messages of a conversation as what is bent.
    private struct Flow: StepSource {
        unowned let conversation: Conversation

        func next(now elapsed: Int64) -> NextSteps {
            conversation.flow.next(now: elapsed, shift: conversation.shift)
        }
    }

    /// The opening, where the script may ask for its fields.
    private final class KeptOpening {
        let request: Request

        init(_ request: Request) { self.request = request }
    }

    // Thousands of these are open at once: what few of them need lies elsewhere.
    private let space: Space
    private let session: Sessions.Key?
    private let target: Target
    private let user: String?
    private let speaker: Speaker
    private let opening: KeptOpening?
    private var flow: MessageFlow
    private var bending: Bending?
    /// By how much faults have what comes now leave later.
    private var shift: Int64 = 0
    private let arrived: Instant
    /// When it is over whatever is said, and whether that is because of the hour; and how long the session may idle.
    private let end: Instant
    private let endsByHour: Bool
    private let idle: Int64
    private var lastUse: Instant
    private var chance: Chance
    private var heard: Int32 = 0

    /// Observed: at 3,626 to 3,632 s.
    private static let longest = Duration.seconds(3_600)

    /// `head` opens it, `delay` nanoseconds after the call arrived.
    init(
        _ speaker: Speaker, _ origin: Origin, opening: Request, head: ResponseHead, delay: Int64,
        faults: StruckFaults, benders: [any StepBender], chance: Chance
    ) {
        (self.speaker, self.chance) = (speaker, chance)
        (space, session, arrived) = (origin.space, origin.session, origin.arrived)
        (target, user) = (origin.question.target, origin.question.user)
        if case .script(let script) = speaker, script.mayReadFields {
            self.opening = KeptOpening(opening)
        } else {
            self.opening = nil
        }
        let (hour, lifetime) = (origin.opened + Self.longest, origin.sessionBegan + origin.limits.lifetime)
        (end, endsByHour, idle) = (min(hour, lifetime), hour <= lifetime, origin.limits.idle.nanoseconds)
        lastUse = origin.opened
        let speed = origin.space.speed
        flow = MessageFlow(speed: speed)
        let all = speed == 1 ? benders : benders + [HasteBender(speed: speed)]
        flow.add(.wait(until: delay), due: 0)
        flow.add(.head(head), due: 0)
        open(opening, from: delay)
        guard !all.isEmpty else { return }
        let source = BentSource(Flow(conversation: self), through: all)
        bending = Bending(source, faults, faultCount: benders.count)
    }

    /// What is said before the client says anything.
    private func open(_ opening: Request, from moment: Int64) {
        switch speaker {
        case .script(let script):
            var circumstances = circumstances(at: 0)
            flow.add(script.opening(&circumstances) { opening.conversationField($0) }, from: moment)
            chance = circumstances.chance
        case .recorded(let recorded): say(recorded.answer(toMessage: 0), from: moment)
        case .other: break
        }
    }

    package var backlog: Int {
        if case .other(let far) = speaker { flow.backlog + far.backlog } else { flow.backlog }
    }

    package func next(at elapsed: Int64) -> NextSteps {
        defer { if case .other(let far) = speaker, flow.backlog < FarEnd.mostWaiting { far.goOn() } }
        guard let bending else { return flow.next(now: elapsed) }
        let next = bending.source.next(now: elapsed)
        shift = bending.source.shift
        if case .steps(let steps) = next, steps.last?.isLast == true { bending.isOver = true }
        return next
    }

    // MARK: Hearing

    /// When what is said now is written to leave. A fault that delayed what was said before does not delay it again: the
    /// client has waited for that already.
    private func moment(of elapsed: Int64) -> Int64 { flow.written(elapsed) - shift }

    package func hear(_ message: [UInt8], isBinary: Bool, at elapsed: Int64) -> [UInt8] {
        heard &+= 1
        switch speaker {
        case .script(let script): return hear(message, isBinary: isBinary, script, at: elapsed)
        case .other(let far): far.pass(message, isBinary: isBinary)
        case .recorded(let recorded):
            say(recorded.answer(toMessage: Int(heard)), from: moment(of: elapsed))
            if let difference = recorded.difference(message, Int(heard)) {
                return MessageLog.Entry.note([.init("differs", .string(difference))])
            }
        }
        return []
    }

    package func hearClose(code: UInt16?, reason: String, at elapsed: Int64) {
        if case .other(let far) = speaker { far.close(code: code, reason: reason) }
    }

    private func hear(
        _ message: [UInt8], isBinary: Bool, _ script: CompiledConversation, at elapsed: Int64
    ) -> [UInt8] {
        if script.onlyEchoes {
            flow.add([CompiledConversation.Said(bytes: message, isBinary: isBinary)], from: moment(of: elapsed))
            return []
        }
        var circumstances = circumstances(at: elapsed)
        var payload = Payload(message)
        let header = { [opening] name in opening?.request.conversationField(name) }
        let moment = moment(of: elapsed)
        switch script.find(circumstances.question, &payload, header: header) {
        case .echo: flow.add([CompiledConversation.Said(bytes: message, isBinary: isBinary)], from: moment)
        case .nothing(let misses): return Self.note(misses)
        case .answer(let answer):
            if let key = session, let state = script.nextState(after: answer) {
                space.sessions.move(key, to: state)
            }
            let said = script.say(answer, &circumstances, &payload, header: header)
            let last = flow.add(said, from: moment)
            if let close = script.close(after: answer, &circumstances, &payload, header: header) {
                flow.add(.wait(until: last), due: last)
                flow.add(.closeConversation(code: close.code, reason: close.reason), due: last)
            }
            chance = circumstances.chance
        }
        return []
    }

    private func say(_ answer: RecordedConversation.Answer, from moment: Int64) {
        let last = flow.add(
            answer.messages.map { CompiledConversation.Said(bytes: $0.bytes, isBinary: $0.isBinary, gap: $0.gap) },
            from: moment)
        guard let end = answer.end else { return }
        let due = last.later(by: end.gap)
        flow.add(.wait(until: due), due: due)
        flow.add(end.step, due: due)
    }

    /// Messages are counted as calls are in a session.
    private func circumstances(at elapsed: Int64) -> CompiledConversation.Circumstances {
        let state = session.flatMap { space.sessions.state(of: $0) }
        let question = Question(
            target: target, session: session?.id, user: user, call: heard > 0 ? Int(heard) : 1,
            state: state ?? Question.firstState)
        return CompiledConversation.Circumstances(question: question, chance: chance, now: now(elapsed))
    }

    private static func note(_ misses: [NearMiss]) -> [UInt8] {
        let list = misses.map { miss -> Value in
            [
                "rule": .string(miss.rule), "held": Value(miss.held), "failed": Value(miss.failed),
                "because": .string(BodySecrets.masked(miss.because)),
            ]
        }
        return MessageLog.Entry.note([.init("nearMisses", .array(list))])
    }

    // MARK: Another side

    /// The other side said something.
    package func said(_ message: [UInt8], isBinary: Bool, at elapsed: Int64) {
        flow.add([CompiledConversation.Said(bytes: message, isBinary: isBinary)], from: moment(of: elapsed))
    }

    /// How the other side ended it: by a close, or as its connection ended.
    package func otherEnded(_ step: Step, at elapsed: Int64) {
        let due = moment(of: elapsed)
        flow.add(step, due: due)
    }

    // MARK: Its life

    private func now(_ elapsed: Int64) -> Instant {
        space.clock.now(arrived + .nanoseconds(elapsed))
    }

    /// "Idle clock reset by … WS messages and ping/pong frames" (wire reference 4). The session is told once a second.
    package func noteUse(at elapsed: Int64) {
        let now = now(elapsed)
        guard abs(now.nanoseconds - lastUse.nanoseconds) > 1_000_000_000 else { return }
        lastUse = now
        if let key = session { space.sessions.keepBusy(key, until: lastUse) }
    }

    package func lifetime(at elapsed: Int64) -> ConversationLifetime {
        let now = now(elapsed)
        var use = lastUse
        if let key = session, let known = space.sessions.lastUse(of: key) { use = max(use, known) }
        let idles = use + .nanoseconds(idle)
        if now >= min(end, idles) {
            // A clock that jumps past both has the hour: a client that pings would not have idled meanwhile.
            if now < end { return .over(code: 1_001, reason: "The session was idle for too long") }
            return endsByHour
                ? .over(code: 1_008, reason: "Max connection duration of 1 hour is exceeded")
                : .over(code: 1_001, reason: "The session has reached its maximum lifetime")
        }
        if space.clock.isFrozen { return .lasts(until: .max) }
        return .lasts(until: elapsed.later(by: (min(end, idles) - now).nanoseconds))
    }

    package func clock(at elapsed: Int64) -> Int64? { space.clock.isMoved ? now(elapsed).nanoseconds : nil }

    /// Lets the faults that waited for more say that none came.
    package func ended() -> [UInt8]? {
        if case .other(let far) = speaker { far.close(code: nil, reason: "") }
        guard let bending, bending.faultCount > 0 else { return nil }
        if !bending.isOver {
            flow.end()
            _ = bending.source.next(now: .max / 4)
        }
        bending.faults.note(bending.source.reasons.prefix(bending.faultCount))
        return Call.Fault.list(bending.faults.entries.map(Call.Fault.init))
    }
}

extension Request {
    /// A field of the opening. Browsers cannot set any: `…-Custom-*` "may be query parameters and arrive as lower-case
    /// headers" (wire reference 3.6).
    func conversationField(_ name: [UInt8]) -> ArraySlice<UInt8>? {
        if let value = value(of: name) { return value }
        guard name.starts(with: "x-amzn-bedrock-agentcore-runtime-".utf8) else { return nil }
        return parameter(caseless: name)
    }
}
