import Time

/// `cold-start`: the first call of a session takes longer: 1.8 s unless told. An agent whose entry states a `coldStart`
/// has one by itself; the fault makes it as long as the fault says.
struct ColdStart: DeliveryFault {
    static let word = "cold-start"
    static let usual = Duration.milliseconds(1_800)
    private let delay: Duration?

    init(_ parameters: inout ParameterReader) { delay = parameters.duration("delay") }

    var asksForSessions: Bool { true }

    var condition: String? { "only on the call that starts a session" }

    func holds(for occasion: Occasion, _ memory: inout Memory, startsSession: () -> Bool) -> Bool { startsSession() }

    func bend(_ steps: inout StepList, _ situation: inout DeliverySituation) throws(NotApplicable) {
        guard let head = steps.headPlace else { throw NotApplicable("nothing of the answer is left to delay") }
        let missing = (delay ?? situation.coldStart ?? Self.usual).nanoseconds - situation.provisioned
        guard missing > 0 else { throw NotApplicable("the session's own cold start takes that long") }
        steps.delay(before: head, by: missing)
    }
}

extension FaultKind {
    static let coldStart = FaultKind(ColdStart.self)
}
