import Delivery

/// `slow-drip`: the body leaves at a steady rate. Frames that are due later still wait for their moment.
struct SlowDrip: DeliveryFault {
    static let word = "slow-drip"
    private let bytesPerSecond: Int

    init(_ parameters: inout ParameterReader) {
        bytesPerSecond =
            parameters.required("bytesPerSecond") { $0.integer($1, 1...1_000_000_000) } ?? 1
    }

    func bend(_ steps: inout StepList, _ situation: inout DeliverySituation) throws(NotApplicable) {
        guard steps.byteCount > 0 else { throw NotApplicable("the reply has no body that could drip") }
        /// How much later things leave by now.
        var lateness: Int64 = 0
        for (place, step) in steps.steps.enumerated() {
            switch step {
            case .wait(let until): steps.replace(place, with: [.wait(until: StepList.later(until, lateness))])
            case .body(let bytes):
                let frame = FrameScript.Frame(bytes: bytes, offset: 0, gap: 0)
                let run = FrameRun(
                    script: FrameScript(frames: [frame]), start: steps.moment(before: place), seed: 0,
                    bytesPerSecond: bytesPerSecond)
                steps.replace(place, with: [.frames(run)])
                lateness = StepList.later(lateness, run.lastDue - run.start)
            case .frames(let run):
                let slowed = slowed(run, by: lateness)
                steps.replace(place, with: [.frames(slowed)])
                lateness = max(0, slowed.lastDue - run.lastDue)
            default: break
            }
        }
    }

    private func slowed(_ run: FrameRun, by lateness: Int64) -> FrameRun {
        var slow = run
        slow.start = StepList.later(run.start, lateness)
        slow.bytesPerSecond = min(bytesPerSecond, run.bytesPerSecond ?? .max)
        var free = slow.start
        let frames = TimedFrame.frames(of: slow).map { frame in
            let due = max(frame.due, free)
            free = StepList.later(due, slow.duration(of: frame.bytes.count))
            return TimedFrame(bytes: frame.bytes, due: due)
        }
        return TimedFrame.run(of: frames, like: slow)
    }
}

extension FaultKind {
    static let slowDrip = FaultKind(SlowDrip.self)
}
