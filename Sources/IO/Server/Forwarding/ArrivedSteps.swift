import Delivery

/// What has come from the other side, as steps that nobody has taken yet.
final class ArrivedSteps: StepSource {
    private var steps: [Step] = []

    var isEmpty: Bool { steps.isEmpty }

    func append(_ step: Step) { steps.append(step) }
    func append(_ more: [Step]) { steps += more }

    func next(now: Int64) -> NextSteps {
        guard !steps.isEmpty else { return .waits(until: .max) }
        defer { steps = [] }
        return .steps(steps)
    }
}
