import Delivery

/// What has come from the other side, as steps that nobody has taken yet.
final class ArrivedSteps: StepSource {
    private var steps: [Step] = []
    /// What waits until it may be taken.
    private var held: [Step] = []
    private var holds = false

    var isEmpty: Bool { steps.isEmpty }

    func append(_ more: [Step]) {
        if holds { held += more } else { steps += more }
    }

    /// What is appended from now on is not taken before `release`.
    func hold() { holds = true }

    func release() {
        steps += held
        (held, holds) = ([], false)
    }

    func next(now: Int64) -> NextSteps {
        guard !steps.isEmpty else { return .waits(until: .max) }
        defer { steps = [] }
        return .steps(steps)
    }
}
