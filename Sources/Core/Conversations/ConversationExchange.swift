import Bytes
import Delivery
import HTTPWire
import WebSocketWire

// Rules.  What was decided leaves in order, each as soon as it is due and the socket has taken what came before; while the
//         socket is full nothing is read, so that a client that does not read is held back by its own socket. A client is
//         answered in the order in which it spoke, a ping before what comes after it.
// Theory. RFC 6455 is kept by `Endpoint`, what is said is decided by the partner; here both meet the socket and the clock.
//         RFC 6455 7.1.1: "To Close the WebSocket Connection, an endpoint closes the underlying TCP connection": the server
//         is first to, so that the client is not left in TIME_WAIT. As with HTTP it lingers: what still comes is thrown away.
// Table.  | phase     | deadline                        | bytes      | input ended      | deadline passed      |
//         |-----------|---------------------------------|------------|------------------|----------------------|
//         | opening   | the step's                      | not taken  | over             | go on                |
//         | open      | the step's, the end of its life,| read       | over             | go on, ping, or      |
//         |           | of the client's silence         |            |                  | close                |
//         | closing   | for the client's close          | read       | over             | end                  |
//         | ending    | the socket                      | not taken  | over             | over                 |
//         | lingering | quiet, or altogether            | throw away | over             | over                 |
//         In the first four, a socket that stays full is given up.

/// The server's side of one conversation: what takes a connection over when an opening was accepted.
package struct ConversationExchange: Exchange {
    package enum Action: Equatable {
        /// Nothing, until something happens.
        case goOn
        /// The same, and no longer than this.
        case wait(until: Int64)
        /// Send what `takeOutput` gives, and tell what came of it.
        case send
        /// Send FIN, forget what was read, and go on reading no longer than this.
        case finish(until: Int64)
        case close
        case reset
    }

    enum Phase: UInt8 { case opening, open, closing, ending, lingering, over }
    enum Ending: UInt8 { case finishes, resets }

    /// When the call arrived, on the monotonic clock.
    let arrived: Int64
    let partner: any ConversationPartner
    let circumstances: ResponseWriter.Circumstances
    var endpoint = Endpoint(.server, limits: ConversationRules.limits)
    var phase = Phase.opening
    var ending = Ending.finishes
    var isBlocked = false
    var isHanging = false
    var isReported = false
    /// A ping of ours has no pong; and nothing else has come since.
    var isPinging = false
    var isDoubted = false
    package internal(set) var isMidMessage = false
    var frame: Int32 = -1
    var rate = FrameRate()
    var outcome: Report.Outcome?
    /// What the conversation was, if our close is the last word.
    var outcomeOfClose = Report.Outcome.completed
    /// The message that is arriving.
    var message: [UInt8] = []
    var output: [UInt8] = []
    var steps: [Step] = []
    package internal(set) var log = MessageLog()
    /// When the next step can be done; when the life of the conversation has to be looked at again; when the client's close
    /// or the end of its input is no longer waited for.
    var nextStep = Int64.max
    var nextLook = Int64.min
    /// When the client's silence has lasted too long.
    var silenceEnds = Int64.max
    var limit = Int64.max
    var firstByte = Int64.min
    var bytes = 0

    package init(
        _ partner: any ConversationPartner, arrived: Int64, _ circumstances: ResponseWriter.Circumstances
    ) {
        (self.partner, self.arrived, self.circumstances) = (partner, arrived, circumstances)
    }

    package var takesInput: Bool {
        switch phase {
        case .open, .closing:
            !isBlocked && output.count < ConversationRules.mostAssembled
                && partner.backlog < ConversationRules.mostDecided
        case .lingering: true
        case .opening, .ending, .over: false
        }
    }

    package var isOver: Bool { phase == .over }

    /// Moves what is assembled out.
    package mutating func takeOutput() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }

    /// How the call ended, once it has.
    package mutating func takeReport(at now: Int64) -> Report? {
        guard let outcome, !isReported else { return nil }
        isReported = true
        var report = Report(
            outcome: outcome, firstByte: firstByte == .min ? nil : firstByte, ended: now &- arrived, bytes: bytes)
        report.messages = log
        report.clock = partner.clock(at: now &- arrived)
        report.faults = partner.ended()
        return report
    }
}

// MARK: What the client did

extension ConversationExchange {
    package mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: ConversationRules
    ) -> Action {
        switch phase {
        case .lingering:
            (next, held, isMidMessage) = (bytes.count, [], false)
            return now < limit ? .wait(until: min(limit, now &+ rules.timeouts.lingerQuiet)) : close()
        case .open, .closing:
            noteLife(at: now, rules)
            if held.isEmpty {
                next = take(bytes, from: next, at: now, rules)
                guard isMidMessage else { return settle(at: now, rules) }
                held.append(addingCapacity: bytes.count - next) { $0.append(bytes.extracting(next..<bytes.count)) }
                next = bytes.count
            } else {
                held.append(addingCapacity: bytes.count - next) { $0.append(bytes.extracting(next..<bytes.count)) }
                next = bytes.count
                let all = held
                let end = take(all.span, from: 0, at: now, rules)
                held = Array(all[end...])
            }
            return settle(at: now, rules)
        case .opening, .ending, .over: return .goOn
        }
    }

    /// Returns where it stopped: at the end, where more is needed, or where nothing more is taken for now.
    private mutating func take(
        _ bytes: Span<UInt8>, from start: Int, at now: Int64, _ rules: ConversationRules
    ) -> Int {
        isMidMessage = false
        var place = start
        while place < bytes.count, takesInput {
            let (next, event) = endpoint.read(bytes, from: place, message: &message)
            place = next
            if event == .needsMore {
                isMidMessage = place < bytes.count
                return place
            }
            heard(event, at: now, rules)
        }
        return phase == .ending ? bytes.count : place
    }

    private mutating func heard(_ event: Endpoint.Event, at now: Int64, _ rules: ConversationRules) {
        if case .failed(let failure) = event { return fail(failure, at: now) }
        guard rate.admits(at: now, most: ConversationRules.framesPerSecond) else {
            return end(saying: .policyViolated, ConversationRules.tooManyFrames, .closed, at: now)
        }
        let elapsed = now &- arrived
        if !answersPing(event) { partner.noteUse(at: elapsed) }
        switch event {
        case .messageReceived(let kind):
            heard(message: kind, at: elapsed)
            // Its answer goes before that to a ping, or a close, that came with it.
            proceed(at: now, rules)
        case .pingReceived: if let answer = event.answer { _ = write(answer) }
        case .closeReceived(let code, let reason):
            log.note(.init(.received, .close, code?.rawValue, reason, at: elapsed))
            partner.hearClose(code: code?.rawValue, reason: reason, at: elapsed)
            if write(.close(code, reason: "")) { log.note(.init(.sent, .close, code?.rawValue, "", at: elapsed)) }
            conclude(phase == .closing ? outcomeOfClose : isHanging ? .hung : .completed)
        case .fragmentReceived, .pongReceived, .needsMore, .failed: break
        }
    }

    private mutating func heard(message kind: Endpoint.Kind, at elapsed: Int64) {
        let isBinary = kind == .binary
        let note = phase == .open && !isHanging ? partner.hear(message, isBinary: isBinary, at: elapsed) : []
        log.note(.init(.received, isBinary ? .binary : .text, bytes: message.count, at: elapsed, note: note))
        // Thousands of conversations are open at once: none keeps what it has heard.
        message = []
    }

    private mutating func fail(_ failure: ConversationFailure, at now: Int64) {
        let reason =
            switch failure {
            case .frameTooLong: ConversationRules.frameTooLong
            case .messageTooLong: ConversationRules.messageTooLong
            default: failure.description
            }
        end(saying: failure.code, reason, .closed, at: now)
    }

    /// The client sends nothing more.
    package mutating func inputEnded(held: inout [UInt8]) -> Action { broke() }

    /// It may have closed; while its bytes are not read, nothing else tells it.
    package mutating func clientEnded() -> Action { phase == .opening ? broke() : .goOn }

    /// Nothing more can be sent or received.
    package mutating func broke() -> Action {
        conclude(phase == .closing ? outcomeOfClose : isHanging ? .hung : .clientClosed)
        return close()
    }

    mutating func close() -> Action {
        guard phase != .over else { return .goOn }
        phase = .over
        return .close
    }
}

// MARK: What time did, and what became of what was sent

extension ConversationExchange {
    /// The connection was taken over, or something outside has changed that the conversation depends on.
    package mutating func stirred(at now: Int64, _ rules: ConversationRules) -> Action {
        nextLook = .min
        return isBlocked ? .goOn : settle(at: now, rules)
    }

    package mutating func deadlinePassed(at now: Int64, _ rules: ConversationRules) -> Action {
        if isBlocked, phase != .lingering { return broke() }
        switch phase {
        case .closing where now >= limit:
            conclude(outcomeOfClose)
            return settle(at: now, rules)
        case .lingering: return close()
        case .opening, .open, .closing, .ending: return settle(at: now, rules)
        case .over: return .goOn
        }
    }

    /// The socket took `count` bytes, and all that there were.
    package mutating func flowed(_ count: Int, at now: Int64, _ rules: ConversationRules) -> Action {
        note(sent: count, at: now)
        if isBlocked { noteLife(at: now, rules) }
        isBlocked = false
        return settle(at: now, rules)
    }

    /// The socket took `count` bytes, and takes no more.
    package mutating func blocked(_ count: Int, at now: Int64, _ rules: ConversationRules) -> Action {
        note(sent: count, at: now)
        isBlocked = true
        return .wait(until: now &+ rules.timeouts.write)
    }

    private mutating func note(sent count: Int, at now: Int64) {
        if count > 0, firstByte == .min { firstByte = max(0, now &- arrived) }
        bytes += count
    }

    /// The conversation ends at once, with a close that nobody waits for the answer of.
    package mutating func end(
        saying code: CloseCode, _ reason: String, _ outcome: Report.Outcome, at now: Int64
    ) {
        guard phase == .opening || phase == .open || phase == .closing else { return }
        if phase != .opening { say(close: code, reason, at: now) }
        conclude(isHanging && outcome == .closed ? .hung : outcome)
    }
}
