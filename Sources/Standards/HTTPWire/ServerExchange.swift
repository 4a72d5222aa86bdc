// Rules.  A connection answers its requests in order: while one is being answered nothing more is read, so that a client
//         that sends faster than it reads is held back by its own socket. Only one thing is waited for at a time, so one
//         deadline serves all phases: an action that waits says until when, and any other leaves the deadline alone.
// Theory. Who decides what is answered, and what it takes to send it, is not known here. The machine hands a request
//         out, is told when its answer begins, stops and ends, and says what becomes of the connection.
//         RFC 9112 9.6: a server that closes at once while the client still sends makes the kernel answer with RST, which
//         "might erase the client's unacknowledged input buffers before they can be read": the client would never see
//         the answer. So it lingers. A client that only shut down its writing half still wants its answer; one that
//         closed does not, and both look the same, an end of input: somebody has to look who can tell.
//         RFC 9112 8: a server that receives an incomplete request "MAY send an error response prior to closing the
//         connection". One that ends in its body is refused, so that it has an entry; its client is looked for first.
//         A body could trickle for good, a byte before each deadline: so it has to keep a rate, and has a total.
//         A connection may have to be secured before anything can be read, and one that was a tunnel's becomes the
//         server's in the end: somebody else does that, and it has its time.
// Table.  | phase     | deadline                     | bytes       | input ended     | broken | deadline passed          |
//         |-----------|------------------------------|-------------|-----------------|--------|--------------------------|
//         | securing  | handshake time-out           | not taken   | close           | close  | close                    |
//         | reading   | idle, head or body time-out  | parse       | close; body 400 | as end | idle: close; else 408    |
//         | deciding  | whoever decides has his own  | not taken   | remember        | wait   | nothing                  |
//         | answering | the step's, or a full socket | not taken   | look for client | close  | go on; if full, close    |
//         | lingering | quiet, or altogether         | throw away  | close           | close  | close                    |
//         | closed    |                              |             |                 |        |                          |

/// The server's side of one connection.
package struct ServerExchange: Exchange {
    package enum Action: Equatable {
        /// Nothing, until something happens.
        case goOn
        /// The same, and no longer than this.
        case wait(until: Int64)
        /// Send `100 Continue`, and expect the body by then.
        case sendContinue(until: Int64)
        /// Decide what is answered, then say that the answer began.
        case answer(Request)
        /// The same for what is no request: answer with the refusal's status. The head is there if it could be read.
        case refuse(MessageRefusal, head: Request?)
        /// Send what can be sent of the answer, and say how far that came.
        case proceed
        /// Find out whether the client, who has ended, still has its socket.
        case lookForClient
        /// Send FIN, forget what was read, and go on reading no longer than this.
        case finish(until: Int64)
        /// The connection is over; what is being answered ends here.
        case close
        case reset
    }

    package final class Rules: Sendable {
        package let request: RequestParser.Rules
        package let timeouts: Timeouts

        package init(request: RequestParser.Rules, timeouts: Timeouts) {
            (self.request, self.timeouts) = (request, timeouts)
        }
    }

    /// What becomes of the connection after an answer.
    package enum Ending: Equatable {
        case keepsAlive
        /// `isOver`: the client has said all and heard all.
        case closes(isOver: Bool)
        case resets
    }

    private enum Phase: UInt8 { case securing, reading, deciding, answering, lingering, closed }
    /// What the answer waits for.
    private enum Wait: UInt8 { case time, room, nothing }

    // Thousands of these are idle at once: in this order they leave no gaps.
    private var parser = RequestParser()
    private var phase = Phase.reading
    private var wait = Wait.time
    /// Part of a request has arrived: the head or body time-out holds instead of the idle one.
    private var isMidRequest = false
    private var inputHasEnded = false
    /// Since the answer began, nobody has looked for a client who has ended.
    private var looksAtOnce = false
    private var isMidBody = false
    /// While a body arrives, when it began; while lingering, until when.
    private var moment: Int64 = 0

    package init() {}

    package var takesInput: Bool { phase == .reading || phase == .lingering }
    package var isOver: Bool { phase == .closed }
    package var isAnswering: Bool { phase == .answering }
    package var isMidMessage: Bool { phase == .reading && !parser.isIdle }

    /// The request whose content is arriving in `held`.
    package var requestMidBody: Request? { parser.isReadingBody ? parser.head : nil }

    /// Whether what is refused is a request for a head alone, be it one that was not read whole.
    package var refusedHead: Bool { parser.refusedHead }
}

// MARK: What the client did

extension ServerExchange {
    /// A client connected, and has to secure the connection first.
    package mutating func openedToBeSecured(at now: Int64, _ rules: Rules) -> Action {
        phase = .securing
        return .wait(until: now &+ rules.timeouts.handshake)
    }

    /// A client connected, or secured its connection.
    package mutating func opened(at now: Int64, _ rules: Rules) -> Action {
        phase = .reading
        return .wait(until: now &+ rules.timeouts.idle)
    }

    package mutating func received(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Rules
    ) -> Action {
        switch phase {
        case .reading: return read(bytes, from: &next, held: &held, at: now, rules)
        case .lingering:
            next = bytes.count
            return now < moment ? .wait(until: now &+ rules.timeouts.lingerQuiet) : close()
        case .securing, .deciding, .answering, .closed: return .goOn
        }
    }

    private mutating func read(
        _ bytes: Span<UInt8>, from next: inout Int, held: inout [UInt8], at now: Int64, _ rules: Rules
    ) -> Action {
        let (end, event) = parser.read(bytes, from: next, held: &held, rules.request)
        next = end
        switch consume event {
        case .needsMore: return awaitRest(after: held.count, at: now, rules)
        case .wantsContinue: return .sendContinue(until: bodyDeadline(after: 0, at: now, rules.timeouts))
        case .request(let request):
            (isMidRequest, isMidBody) = (false, false)
            phase = .deciding
            return .answer(request)
        case .refused(let refusal): return refuse(refusal)
        }
    }

    private mutating func awaitRest(after count: Int, at now: Int64, _ rules: Rules) -> Action {
        if parser.isReadingBody { return .wait(until: bodyDeadline(after: count, at: now, rules.timeouts)) }
        if isMidRequest { return .goOn }
        isMidRequest = true
        return .wait(until: now &+ rules.timeouts.head)
    }

    /// After `count` bytes of the body.
    private mutating func bodyDeadline(after count: Int, at now: Int64, _ timeouts: Timeouts) -> Int64 {
        if !isMidBody { (isMidRequest, isMidBody, moment) = (true, true, now) }
        return timeouts.bodyDeadline(after: count, begun: moment, at: now)
    }

    private mutating func refuse(_ refusal: MessageRefusal) -> Action {
        phase = .deciding
        return .refuse(refusal, head: parser.head)
    }

    /// The client sends nothing more, and all it sent was read. Half a head is no request.
    package mutating func inputEnded(held: inout [UInt8]) -> Action { cutShort() ?? close() }

    private mutating func cutShort() -> Action? {
        guard phase == .reading, isMidBody else { return nil }
        inputHasEnded = true
        return refuse(MessageRefusal(status: 400, message: "The connection ended in the middle of the request's body."))
    }

    /// The client sends nothing more; what it sent before may not have been read.
    package mutating func clientEnded() -> Action {
        inputHasEnded = true
        guard phase == .answering else { return .goOn }
        looksAtOnce = false
        switch wait {
        case .time: return .lookForClient
        case .room: return .goOn
        // There is nothing left to wait for.
        case .nothing: return close()
        }
    }

    package mutating func clientWasLookedFor(isThere: Bool) -> Action { isThere ? .proceed : close() }

    /// Nothing more can be sent or received. A call that is being decided still gets its entry: its answer will find the
    /// client gone.
    package mutating func broke() -> Action { phase == .deciding ? .goOn : cutShort() ?? close() }

    /// The shell cannot go on with this connection.
    package mutating func failed() -> Action { close() }

    private mutating func close() -> Action {
        guard phase != .closed else { return .goOn }
        phase = .closed
        return .close
    }
}

// MARK: What time did

extension ServerExchange {
    package mutating func deadlinePassed(at now: Int64, _ rules: Rules) -> Action {
        switch phase {
        case .reading: return timeOut(rules)
        case .answering where wait == .room: return close()
        case .answering where inputHasEnded: return clientEnded()
        case .answering: return .proceed
        case .lingering, .securing: return close()
        case .deciding, .closed: return .goOn
        }
    }

    /// Nothing came for too long. An idle connection ends without a word; half a request is refused.
    private mutating func timeOut(_ rules: Rules) -> Action {
        guard isMidRequest else { return close() }
        return refuse(MessageRefusal(status: 408, message: rules.timeouts.refusal(ofBody: isMidBody)))
    }
}

// MARK: What became of the answer

extension ServerExchange {
    /// It cannot be decided yet.
    package mutating func answerDeferred() -> Action { .wait(until: .max) }

    package mutating func answerBegan() -> Action {
        phase = .answering
        guard !inputHasEnded || !isMidBody else { return .lookForClient }
        looksAtOnce = inputHasEnded
        return .proceed
    }

    /// All that could be sent was, and the rest has its time.
    package mutating func answerWaits(until moment: Int64, at now: Int64, _ rules: Rules) -> Action {
        wait(.time, until: moment, at: now, rules)
    }

    /// Nothing more will be sent, and the connection stays.
    package mutating func answerHangs(at now: Int64, _ rules: Rules) -> Action {
        wait(.nothing, until: .max, at: now, rules)
    }

    private mutating func wait(_ wait: Wait, until moment: Int64, at now: Int64, _ rules: Rules) -> Action {
        self.wait = wait
        guard inputHasEnded else { return .wait(until: moment) }
        return looksAtOnce ? clientEnded() : .wait(until: min(moment, now &+ rules.timeouts.lookAgain))
    }

    /// The socket takes no more.
    package mutating func answerBlocked(at now: Int64, _ rules: Rules) -> Action {
        wait = .room
        return .wait(until: now &+ rules.timeouts.write)
    }

    /// The socket took some of what it had not taken.
    package mutating func answerMoved(at now: Int64, _ rules: Rules) -> Action {
        .wait(until: now &+ rules.timeouts.write)
    }

    /// The socket took the rest of it.
    package mutating func answerFlowed() -> Action {
        wait = .time
        return phase == .answering ? .proceed : .goOn
    }

    /// What the answer waits for may have happened.
    package mutating func answerStirred() -> Action { phase == .answering && wait != .room ? .proceed : .goOn }

    /// `isQuiet`: nothing that the client sent is unread.
    package mutating func answerEnded(_ ending: Ending, isQuiet: Bool, at now: Int64, _ rules: Rules) -> Action {
        wait = .time
        switch ending {
        case .keepsAlive:
            phase = .reading
            return .wait(until: now &+ rules.timeouts.idle)
        case .closes(let isOver):
            if isOver, isQuiet { return close() }
            phase = .lingering
            moment = now &+ rules.timeouts.linger
            return .finish(until: now &+ rules.timeouts.lingerQuiet)
        case .resets:
            phase = .closed
            return .reset
        }
    }
}
