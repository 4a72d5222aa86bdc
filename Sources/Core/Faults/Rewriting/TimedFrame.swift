import Delivery

/// A frame with its own moment, jitter and all: what can be moved, split and doubled.
struct TimedFrame: Equatable {
    var bytes: [UInt8]
    /// Nanoseconds after the call arrived.
    var due: Int64

    static func frames(of run: FrameRun) -> [TimedFrame] {
        run.frameIndices.map { TimedFrame(bytes: run.script.frames[$0].bytes, due: run.due($0)) }
    }

    /// A run of these frames, none of them due before the one ahead of it.
    static func run(of frames: [TimedFrame], like run: FrameRun) -> FrameRun {
        var latest = run.start
        let scripted = frames.map { frame in
            let due = max(latest, frame.due)
            defer { latest = due }
            return FrameScript.Frame(bytes: frame.bytes, offset: due - run.start, gap: due - latest)
        }
        return FrameRun(
            script: FrameScript(frames: scripted), start: run.start, seed: run.seed,
            bytesPerSecond: run.bytesPerSecond)
    }
}
