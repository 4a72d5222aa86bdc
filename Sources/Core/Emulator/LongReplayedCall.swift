import Delivery
import HTTPWire
import Recording

/// A call that a recorded answer answers which is too long for memory.
package final class LongReplayedCall: FlowingCall {
    private var replay: LongReplay
    private let head: ResponseHead
    private let last: Step
    private let delay: Int64

    init(_ call: OpenCall, _ replay: LongReplay, _ answer: ReplayedAnswer, _ fields: FieldBlock) {
        self.replay = replay
        last = answer.last
        delay = replay.head.later(by: call.provisioned)
        var fields = fields
        ServiceFields.add(to: &fields, for: call)
        head = ResponseHead(status: answer.status, fields: fields, length: answer.length)
        super.init(call)
        touch(at: open.realNow)
    }

    package var stored: StoredFrames { replay.stored }

    /// Before anything of it was read.
    package var beginning: [Step] { [.wait(until: delay), .head(head)] }

    package func steps(of window: StoredFrames.Window) -> [Step] {
        let frames = replay.take(window)
        let run = FrameRun(script: FrameScript(frames: frames), start: delay, seed: 0)
        let steps: [Step] = frames.isEmpty ? [] : [.frames(run)]
        guard window.next == nil else { return steps }
        return steps + [.wait(until: delay.later(by: replay.end - replay.head)), last]
    }
}
