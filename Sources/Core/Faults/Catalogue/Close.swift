/// `close`: the connection ends in an orderly way (a FIN) at a point of the answer, whatever was promised: a chunked body
/// lacks its last chunk, a body is shorter than its length.
struct Close: DeliveryFault {
    static let word = "close"
    private let point: CutPoint

    init(_ parameters: inout ParameterReader) { point = CutPoint.read(&parameters) }

    var stage: Stage { point == .accept ? .arrival([.close]) : .delivery(self) }

    func bend(_ steps: inout StepList, _ situation: inout DeliverySituation) throws(NotApplicable) {
        try point.cut(&steps, then: .close)
    }
}

extension FaultKind {
    static let close = FaultKind(Close.self)
}
