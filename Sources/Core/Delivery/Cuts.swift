/// What is due until a moment leaves; then the connection ends, whatever was promised.
package struct LifetimeBender: StepBender {
    private let moment: Int64

    package init(until moment: Int64) { self.moment = moment }

    package func leaves(_ steps: [Step]) -> Bool { steps.lastDue <= moment }

    package func bend(_ step: Step, into bent: inout [Step]) { step.append(to: &bent, until: moment) }

    package func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(last)
        return nil
    }
}

/// An answer that has not begun by one moment is replaced by another; one that lasts beyond a second is cut there.
package struct TimeLimitBender: StepBender {
    private let beginning: Int64
    private let ending: Int64
    /// What leaves when nothing has begun in time.
    private let substitute: [Step]
    private var hasBegun = false

    /// Nil for no limit.
    package init(beginning: Int64?, ending: Int64?, substitute: [Step]) {
        self.beginning = beginning ?? .max
        self.ending = ending ?? .max
        self.substitute = substitute
    }

    package mutating func bend(_ step: Step, into bent: inout [Step]) {
        if hasBegun { return step.append(to: &bent, until: ending) }
        if step.lastDue > beginning { return replace(&bent) }
        if case .head = step { hasBegun = true }
        bent.append(step)
    }

    package func end(_ last: Step, into bent: inout [Step]) -> String? {
        // It would last for ever.
        if last == .hang, !hasBegun, beginning < .max {
            replace(&bent)
            return nil
        }
        if last == .hang, hasBegun, ending < .max {
            bent += [.wait(until: ending), .close]
            return nil
        }
        bent.append(last)
        return "the answer is within the limits"
    }

    private func replace(_ bent: inout [Step]) { bent += [.wait(until: beginning)] + substitute }
}

extension Step {
    /// All of it that is due until a moment, and the end of the connection where there is more.
    fileprivate func append(to bent: inout [Step], until moment: Int64) {
        guard lastDue > moment else { return bent.append(self) }
        if case .frames(let run) = self {
            let frames = run.frameIndices
            let end = frames.first { run.due($0) > moment } ?? frames.upperBound
            bent.append(.frames(run.only(frames.lowerBound..<end)))
        }
        bent += [.wait(until: moment), .close]
    }
}
