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
