import Delivery
import Fields
import Time

/// `stall`: the answer stops after so many frames, or bytes of its body, for a time or for good.
struct Stall: DeliveryFault {
    static let word = "stall"
    private let frames: Int?
    private let bytes: Int?
    private let duration: Duration?

    init(_ parameters: inout FieldReader) {
        frames = parameters.integer("frames", 0...Int.max)
        bytes = parameters.integer("bytes", 0...Int.max)
        duration = parameters.faultDuration("for")
        switch (parameters.has("frames"), parameters.has("bytes")) {
        case (false, false):
            parameters.refuse("where is missing", hint: "write \"frames\": 3, or \"bytes\": 120")
        case (true, true): parameters.refuse("bytes", "\"frames\" says where already", hint: "write only one")
        default: break
        }
    }

    func bender(_ situation: DeliverySituation) -> any StepBender {
        let point = frames.map(AnswerPoint.afterFrames) ?? .afterBytes(bytes ?? 0)
        guard let duration else { return CutBender(at: point, then: .hang) }
        return DelayBender(at: point, by: duration.nanoseconds)
    }
}

extension FaultKind {
    static let stall = FaultKind(Stall.self)
}
