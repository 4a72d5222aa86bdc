import Delivery
import Fields
import Time

/// `cold-start`: the first call of a session takes longer: 1.8 s unless told. An agent whose entry states a `coldStart`
/// has one by itself; the fault makes it as long as the fault says.
struct ColdStart: DeliveryFault {
    static let word = "cold-start"
    static let usual = Duration.milliseconds(1_800)
    private let delay: Duration?

    init(_ parameters: inout FieldReader) { delay = parameters.faultDuration("delay") }

    var asksForSessions: Bool { true }

    var condition: String? { "only on the call that starts a session" }

    func holds(for candidate: FaultCandidate, _ memory: inout Memory, startsSession: () -> Bool) -> Bool {
        startsSession()
    }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        let missing = (delay ?? situation.coldStart ?? Self.usual).nanoseconds - situation.provisioned
        return DelayBender(
            at: .beforeHead, by: max(0, missing), purpose: "to delay",
            inVain: missing > 0 ? nil : "the session's own cold start takes that long")
    }
}

extension FaultKind {
    static let coldStart = FaultKind(ColdStart.self)
}
