import Delivery
import Fields

/// `close`: the connection ends in an orderly way (a FIN) at a point of the answer, whatever was promised: a chunked body
/// lacks its last chunk, a body is shorter than its length.
struct Close: DeliveryFault {
    static let word = "close"
    private let point: CutPoint

    init(_ parameters: inout FieldReader) { point = CutPoint.read(&parameters) }

    var stage: Stage { point == .accept ? .arrival([.close]) : .delivery(self) }

    func bender(_ situation: DeliverySituation) -> any StepBender { CutBender(at: point.place, then: .close) }
}

extension FaultKind {
    static let close = FaultKind(Close.self)
}
