import Time

/// `hang`: the call is taken and never answered, or answered after `for`.
struct Hang: DeliveryFault {
    static let word = "hang"
    private let duration: Duration?

    init(_ parameters: inout ParameterReader) { duration = parameters.duration("for") }

    func bend(_ steps: inout StepList, _ situation: inout DeliverySituation) throws(NotApplicable) {
        guard let duration else {
            steps = StepList([.hang])
            return
        }
        guard let head = steps.headPlace else { throw NotApplicable("nothing of the answer is left to hold back") }
        steps.delay(before: head, by: duration.nanoseconds)
    }
}

extension FaultKind {
    static let hang = FaultKind(Hang.self)
}
