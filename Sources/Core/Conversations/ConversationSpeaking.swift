import Delivery
import HTTPWire
import JSON
import Journal
import SplitMix
import WebSocketWire

// What an exchange sends: the steps that its partner decides, each when it is due, and the closes.

extension ConversationExchange {
    /// Does what can be done now, and says what is waited for.
    mutating func settle(at now: Int64, _ rules: ConversationRules) -> Action {
        if isBlocked { return .goOn }
        if phase == .opening || phase == .open { proceed(at: now, rules) }
        if now >= silenceEnds { endSilence(at: now, rules) }
        if !output.isEmpty { return .send }
        switch phase {
        case .opening: return .wait(until: nextStep)
        case .open: return .wait(until: min(nextStep, nextLook, silenceEnds))
        case .closing: return .wait(until: limit)
        case .ending:
            if ending == .resets {
                phase = .over
                return .reset
            }
            phase = .lingering
            limit = now &+ rules.timeouts.linger
            return .finish(until: now &+ rules.timeouts.lingerQuiet)
        case .lingering, .over: return .goOn
        }
    }

    mutating func proceed(at now: Int64, _ rules: ConversationRules) {
        if now >= nextLook, phase == .open { look(at: now, rules) }
        while output.count < ConversationRules.mostAssembled, phase == .opening || phase == .open, !isHanging {
            if steps.isEmpty {
                switch partner.next(at: now &- arrived) {
                case .waits(let until):
                    nextStep = until >= .max / 2 ? .max : arrived &+ until
                    return
                case .steps(let more): steps = more
                }
            }
            guard let step = steps.first else { continue }
            guard take(step, at: now, rules) else { return }
            // An idle conversation holds no room for steps.
            if steps.count > 1 { steps.removeFirst() } else { steps = [] }
        }
        if isHanging { nextStep = .max }
    }

    /// Whether its life is over.
    private mutating func look(at now: Int64, _ rules: ConversationRules) {
        switch partner.lifetime(at: now &- arrived) {
        case .lasts(let until): nextLook = until >= .max / 2 ? .max : arrived &+ until
        case .over(let code, let reason):
            close(saying: CloseCode(rawValue: code), reason, .closed, at: now, rules)
        }
    }

    /// Does one step. False while it has to wait.
    private mutating func take(_ step: Step, at now: Int64, _ rules: ConversationRules) -> Bool {
        switch step {
        case .wait(let until):
            nextStep = arrived &+ until
            return now >= nextStep
        case .head(let head):
            var writer = ResponseWriter()
            writer.append(head, circumstances, date: rules.date(now), server: rules.server, to: &output)
            phase = .open
            noteLife(at: now, rules)
            look(at: now, rules)
        case .frames(let run): return send(run, at: now)
        case .closeConversation(let code, let reason):
            let code = CloseCode(rawValue: code)
            close(saying: code, reason, code == .normal ? .completed : .closed, at: now, rules)
        case .close, .end: conclude(.closed)
        case .reset: conclude(.reset, .resets)
        case .hang: isHanging = true
        // Nobody makes a body here.
        case .body, .whole: break
        }
        return true
    }

    /// Each frame of the run is a message. One that drips leaves with its last byte.
    private mutating func send(_ run: FrameRun, at now: Int64) -> Bool {
        let frames = run.frameIndices
        if frame < 0 { frame = Int32(clamping: frames.lowerBound) }
        while case let index = Int(frame), index < frames.upperBound {
            let content = run.script.frames[index].bytes
            nextStep = arrived &+ run.due(index) &+ run.duration(of: content.count)
            guard now >= nextStep, output.count < ConversationRules.mostAssembled else {
                nextStep = max(nextStep, now)
                return false
            }
            if write(.message(run.isBinary ? .binary : .text, content)) {
                log.note(.init(.sent, run.isBinary ? .binary : .text, bytes: content.count, at: now &- arrived))
                partner.noteUse(at: now &- arrived)
            }
            frame += 1
        }
        frame = -1
        return true
    }

    // MARK: Ending

    /// Says a close, and waits for the client's.
    mutating func close(
        saying code: CloseCode, _ reason: String, _ outcome: Report.Outcome, at now: Int64, _ rules: ConversationRules
    ) {
        guard phase == .open else { return }
        say(close: code, reason, at: now)
        (phase, outcomeOfClose, limit) = (.closing, outcome, now &+ rules.timeouts.close)
    }

    mutating func say(close code: CloseCode, _ reason: String, at now: Int64) {
        let reason = Self.cut(reason)
        guard write(.close(code, reason: reason)) else { return }
        log.note(.init(.sent, .close, code.rawValue, reason, at: now &- arrived))
    }

    /// 5.5: a control frame has 125 bytes at most, of which the code takes two.
    private static func cut(_ reason: String) -> String {
        var cut = reason
        while cut.utf8.count > 123 { cut.removeLast() }
        return cut
    }

    mutating func conclude(_ outcome: Report.Outcome, _ ending: Ending = .finishes) {
        guard self.outcome == nil else { return }
        (self.outcome, self.ending) = (outcome, ending)
        (phase, steps, message) = (.ending, [], [])
    }

    mutating func write(_ command: Endpoint.Command) -> Bool {
        // A server's frames have no mask, so nothing is drawn.
        var nothing = Chance(seed: 0)
        return endpoint.write(command, into: &output, chance: &nothing)
    }
}

extension MessageLog.Entry {
    /// A close, whose code and reason are told too.
    init(
        _ direction: MessageLog.Direction, _ kind: MessageLog.Kind, _ code: UInt16?, _ reason: String, at moment: Int64
    ) {
        self.init(
            direction, kind, bytes: code == nil ? 0 : 2 + reason.utf8.count, at: moment,
            note: Self.note(
                code.map { [.init("code", Value(Int($0))), .init("reason", .string(reason))] } ?? []))
    }
}

// Rules.  A client that has sent nothing for a while is pinged; one that then sends no pong, and nothing else for as long
//         again, is told that it is given up. What counts is what came, be it a byte, not what is said to it.
// Theory. A peer that vanished without a FIN looks like one that has nothing to say, and a frozen clock of its space would
//         keep it for ever. Whether a peer is there is no matter of that clock, so the time is real. RFC 6455 5.5.2: "Upon
//         receipt of a Ping frame, an endpoint MUST send a Pong frame in response", which libraries do by themselves: a pong
//         to our ping is no use of the session, or none would ever idle.

extension ConversationExchange {
    /// The client is there.
    mutating func noteLife(at now: Int64, _ rules: ConversationRules) {
        isDoubted = false
        silenceEnds = rules.timeouts.silence.map { now &+ $0 } ?? .max
    }

    /// Whether this is what our ping asked for.
    mutating func answersPing(_ event: Endpoint.Event) -> Bool {
        guard isPinging, case .pongReceived = event else { return false }
        isPinging = false
        return true
    }

    mutating func endSilence(at now: Int64, _ rules: ConversationRules) {
        let wasDoubted = isDoubted
        noteLife(at: now, rules)
        // Whoever is not read from, or not spoken to, cannot answer.
        guard phase == .open, takesInput, !isHanging else { return }
        if wasDoubted {
            close(saying: .goingAway, ConversationRules.pingUnanswered, .closed, at: now, rules)
        } else {
            isDoubted = write(.ping([]))
            isPinging = isDoubted
        }
    }
}
