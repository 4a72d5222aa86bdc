/// Times of an answer: when it is complete, and what becomes of it when time passes faster.
extension Step {
    /// The same, with everything waited for so many times shorter. A share of a nanosecond is let go.
    package func hastened(by speed: Double) -> Step {
        switch self {
        case .wait(let until): return .wait(until: until.divided(by: speed))
        case .frames(let run): return .frames(run.hastened(by: speed))
        case .head, .body, .end, .close, .reset, .hang: return self
        }
    }
}

extension [Step] {
    /// When the last of them is due, in nanoseconds after the call arrived.
    package var lastDue: Int64 {
        reduce(0) { latest, step in
            switch step {
            case .wait(let until): Swift.max(latest, until)
            case .frames(let run): Swift.max(latest, run.lastDue)
            default: latest
            }
        }
    }

    /// What of them is due until this moment; then the connection ends, whatever was promised.
    package func cut(after moment: Int64) -> [Step] {
        var kept: [Step] = []
        for step in self {
            switch step {
            case .wait(let until) where until > moment: return kept + [.wait(until: moment), .close]
            case .frames(var run) where run.lastDue > moment:
                let frames = run.frameIndices
                run.range = frames.lowerBound..<(frames.first { run.due($0) > moment } ?? frames.upperBound)
                return kept + [.frames(run), .wait(until: moment), .close]
            default: kept.append(step)
            }
        }
        return kept
    }
}

extension FrameRun {
    /// The frames that the script really has.
    package var frameIndices: Range<Int> { range.clamped(to: 0..<script.frames.count) }

    /// When the last byte of the last frame is due.
    package var lastDue: Int64 {
        guard let last = frameIndices.last else { return start }
        return due(last).later(by: duration(of: script.frames[last].bytes.count))
    }

    fileprivate func hastened(by speed: Double) -> FrameRun {
        var run = self
        run.start = start.divided(by: speed)
        run.script.frames = script.frames.map { frame in
            FrameScript.Frame(
                bytes: frame.bytes, offset: frame.offset.divided(by: speed), gap: frame.gap.divided(by: speed))
        }
        run.bytesPerSecond = bytesPerSecond.map { Swift.max(1, Int(clamping: Int64($0).divided(by: 1 / speed))) }
        return run
    }
}

/// Nanoseconds after a call arrived.
extension Int64 {
    /// Half of what the type holds stands for never, so that two of them can still be added.
    package func later(by duration: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(duration)
        return overflow ? .max / 2 : Swift.min(sum, .max / 2)
    }

    package func divided(by speed: Double) -> Int64 {
        let quotient = Double(self) / speed
        return quotient < Double(Int64.max / 2) ? Int64(quotient) : .max / 2
    }
}
