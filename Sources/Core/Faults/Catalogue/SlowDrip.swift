import Delivery
import Fields

/// `slow-drip`: the body leaves at a steady rate. Frames that are due later still wait for their moment.
struct SlowDrip: DeliveryFault {
    static let word = "slow-drip"
    private let bytesPerSecond: Int

    init(_ parameters: inout FieldReader) {
        bytesPerSecond =
            parameters.required("bytesPerSecond") { $0.integer($1, 1...1_000_000_000) } ?? 1
    }

    func bender(_ situation: DeliverySituation) -> any StepBender { DripBender(bytesPerSecond: bytesPerSecond) }
}

/// What leaves begins when it is due, and not before what is ahead of it has left.
private struct DripBender: StepBender {
    private let bytesPerSecond: Int
    private var passed = AnswerSoFar()
    /// When all that was given has left.
    private var moment: Int64 = 0

    init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    mutating func bend(_ step: Step, into bent: inout [Step]) {
        // How much later things leave by now.
        let lateness = max(0, moment - passed.moment)
        passed.note(step)
        switch step {
        case .body(let bytes) where !bytes.isEmpty:
            give(FrameRun(frame: bytes, due: moment, bytesPerSecond: bytesPerSecond), into: &bent)
        case .frames(let run):
            for index in run.frameIndices {
                give(
                    FrameRun(
                        frame: run.script.frames[index].bytes, due: max(run.due(index), moment),
                        bytesPerSecond: min(bytesPerSecond, run.bytesPerSecond ?? .max), isBinary: run.isBinary),
                    into: &bent)
            }
        default:
            let late = step.later(by: lateness)
            moment = max(moment, late.lastDue)
            bent.append(late)
        }
    }

    private mutating func give(_ run: FrameRun, into bent: inout [Step]) {
        moment = max(moment, run.lastDue)
        bent.append(.frames(run))
    }

    mutating func end(_ last: Step, into bent: inout [Step]) -> String? {
        bent.append(last)
        return passed.bytes > 0 ? nil : "the reply has no body that could drip"
    }
}

extension FaultKind {
    static let slowDrip = FaultKind(SlowDrip.self)
}
