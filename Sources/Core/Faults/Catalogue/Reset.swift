import Delivery
import Fields

/// `reset`: the connection is reset (a TCP RST) at a point of the answer.
struct Reset: DeliveryFault {
    static let word = "reset"
    private let point: CutPoint

    init(_ parameters: inout FieldReader) { point = CutPoint.read(&parameters) }

    var stage: Stage { point == .accept ? .arrival([.reset]) : .delivery(self) }

    func bender(_ situation: DeliverySituation) -> any StepBender { CutBender(at: point.place, then: .reset) }
}

extension FaultKind {
    static let reset = FaultKind(Reset.self)
}
