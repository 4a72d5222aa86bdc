import Delivery
import Fields
import Time

/// `hang`: the call is taken and never answered, or answered after `for`.
struct Hang: DeliveryFault {
    static let word = "hang"
    private let duration: Duration?

    init(_ parameters: inout FieldReader) { duration = parameters.faultDuration("for") }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        guard let duration else { return CutBender(at: .start, then: .hang) }
        return DelayBender(at: .beforeHead, by: duration.nanoseconds, purpose: "to hold back")
    }
}

extension FaultKind {
    static let hang = FaultKind(Hang.self)
}
