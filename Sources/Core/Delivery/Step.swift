import HTTPWire

/// What the delivery runner does for a call, one after the other. Faults bend steps as they pass; the runner obeys them
/// and never learns why. Deadlines are absolute, in nanoseconds after the call arrived, so that lateness never adds up.
///
/// The last step of an answer is `end`, `close`, `closeConversation`, `reset`, `hang` or a `whole`: nothing follows it.
package enum Step: Equatable, Sendable {
    case wait(until: Int64)
    case head(ResponseHead)
    /// A piece of the body. It leaves at once, as a chunk of its own where the body is chunked.
    case body([UInt8])
    case frames(FrameRun)
    /// The body is complete: the last chunk, and the connection is free for the next call.
    case end
    /// FIN now, whatever was promised.
    case close
    /// Of a conversation: the close that ends it in order (RFC 6455 7.1.2), and FIN when it was answered.
    case closeConversation(code: UInt16, reason: String)
    /// RST now.
    case reset
    /// Nothing more, until the client goes away.
    case hang
    /// The usual answer: head, body and end in one.
    case whole(ResponseHead, [UInt8])

    package var isLast: Bool {
        switch self {
        case .end, .close, .closeConversation, .reset, .hang, .whole: true
        case .wait, .head, .body, .frames: false
        }
    }

    /// The steps that it stands for: several for a whole answer.
    package var parts: [Step] {
        guard case .whole(let head, let body) = self else { return [self] }
        return body.isEmpty ? [.head(head), .end] : [.head(head), .body(body), .end]
    }

    // MARK: Time

    /// When it is over, in nanoseconds after the call arrived; 0 for what takes no time.
    package var lastDue: Int64 {
        switch self {
        case .wait(let until): until
        case .frames(let run): run.lastDue
        case .head, .body, .end, .close, .closeConversation, .reset, .hang, .whole: 0
        }
    }

    /// The same, so much later.
    package func later(by duration: Int64) -> Step {
        switch self {
        case .wait(let until): return .wait(until: until.later(by: duration))
        case .frames(var run):
            run.start = run.start.later(by: duration)
            return .frames(run)
        case .head, .body, .end, .close, .closeConversation, .reset, .hang, .whole: return self
        }
    }

    /// The same, with everything waited for so many times shorter. A share of a nanosecond is let go.
    package func hastened(by speed: Double) -> Step {
        switch self {
        case .wait(let until): .wait(until: until.divided(by: speed))
        case .frames(let run): .frames(run.hastened(by: speed))
        case .head, .body, .end, .close, .closeConversation, .reset, .hang, .whole: self
        }
    }
}

extension [Step] {
    /// When the last of them is over, in nanoseconds after the call arrived.
    package var lastDue: Int64 { reduce(0) { Swift.max($0, $1.lastDue) } }

    /// The same with fewer steps: of waits that follow one another the latest is enough, and runs of frames that follow
    /// one another become one. The journal tells from a run and its log what left, so a stream is one run.
    var joined: [Step] {
        guard holdsJoinable else { return self }
        var joined: [Step] = []
        var runs: [FrameRun] = []
        for step in self {
            if case .frames(let run) = step, runs.last?.isLike(run) != false {
                runs.append(run)
                continue
            }
            if let run = FrameRun(joining: runs) { joined.append(.frames(run)) }
            runs = []
            if case .frames(let run) = step {
                runs = [run]
            } else if case .wait(let until) = step, case .wait(let before) = joined.last {
                joined[joined.count - 1] = .wait(until: Swift.max(before, until))
            } else {
                joined.append(step)
            }
        }
        if let run = FrameRun(joining: runs) { joined.append(.frames(run)) }
        return joined
    }

    /// Whether two stand side by side that can be one: hardly ever.
    private var holdsJoinable: Bool {
        for index in indices.dropFirst() {
            switch (self[index - 1], self[index]) {
            case (.wait, .wait), (.frames, .frames): return true
            default: break
            }
        }
        return false
    }
}

/// Nanoseconds after a call arrived.
extension Int64 {
    /// Half of what the type holds stands for never, so that two of them can still be added.
    package func later(by duration: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(duration)
        return overflow ? .max / 2 : Swift.min(sum, .max / 2)
    }

    package func divided(by speed: Double) -> Int64 {
        // Never is never, however fast time passes.
        if self >= .max / 2 { return .max / 2 }
        let quotient = Double(self) / speed
        return quotient < Double(Int64.max / 2) ? Int64(quotient) : .max / 2
    }

    /// The moment that comes out as this one where time passes so much faster. It is late, and never "never": at `max`
    /// every moment is.
    package func multiplied(by speed: Double) -> Int64 { Swift.min(divided(by: 1 / speed), .latest) }

    /// What is due then is due whatever the time.
    package static var latest: Int64 { .max / 4 }
}

/// Where the steps of an answer come from: a script, what is written while the client reads, and whatever else answers
/// a call bit by bit. Whoever sends them pulls, so a client that reads slowly is not overrun.
///
/// A step says when it is due, not when it was asked for: a source whose steps come from elsewhere puts the moment of
/// each before it, as a `wait` that is over or as the start of a run. Then what is delayed keeps its distances.
package protocol StepSource {
    /// What follows, at this moment of the monotonic clock. Nobody asks after the last step.
    mutating func next(now: Int64) -> NextSteps
}

package enum NextSteps: Equatable, Sendable {
    case steps([Step])
    /// Nothing before this moment of the monotonic clock.
    case waits(until: Int64)
}

/// Steps that are all known at once. Most answers are one step, and one step needs no list.
package struct ScriptedSource: StepSource, Equatable, Sendable {
    package let first: Step?
    package let rest: [Step]

    package init(_ first: Step, then rest: [Step] = []) {
        self.first = first
        self.rest = rest
    }

    package init(_ steps: [Step]) {
        first = steps.first
        rest = Array(steps.dropFirst())
    }

    package var steps: [Step] { first.map { [$0] + rest } ?? rest }

    /// When the last of them is over, in nanoseconds after the call arrived.
    package var lastDue: Int64 { max(first?.lastDue ?? 0, rest.lastDue) }

    package func next(now: Int64) -> NextSteps { .steps(steps) }
}
