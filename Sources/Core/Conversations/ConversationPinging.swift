import WebSocketWire

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
