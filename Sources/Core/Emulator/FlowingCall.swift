import Delivery
import HTTPWire
import Journal
import Recording
import Time

// Rules.  Faults, the space's speed and the end of the session's life bend an answer that comes piece by piece as they
//         would bend one of a rule's.
// Theory. What comes from another side has its own time, which no speed changes: `HasteBender` makes all waiting
//         shorter, so what really passed is stamped as much longer before. What a fault adds is made shorter, and the
//         other side's own time comes out as it was.

/// A call whose answer is not known when its entry is written: it comes piece by piece.
package class FlowingCall {
    let open: OpenCall
    let speed: Double
    /// Nanoseconds after the call arrived that its answer may last, as its session still lives so long and its agent's
    /// entry allows; nil for any time.
    package let lifeLeft: Int64?
    private let benderCount: Int
    /// What bends the answer.
    package let benders: [any StepBender]

    init(_ call: OpenCall) {
        speed = call.space.speed
        lifeLeft = Self.lifeLeft(call.lifeLeft, call.agent?.settings.limits?.stream?.nanoseconds)
        let faults = call.faults.benders(protocol: call.protocol, provisioned: call.provisioned)
        benderCount = faults.count
        var benders = faults
        if speed != 1 { benders.append(HasteBender(speed: speed)) }
        if let limit = call.timeLimit() { benders.append(limit) }
        if let lifeLeft { benders.append(LifetimeBender(until: lifeLeft)) }
        self.benders = benders
        open = call
        if !open.faults.isEmpty { open.entry.faults = open.faults.struck.map(Call.Fault.init) }
    }

    private static func lifeLeft(_ session: Int64?, _ stream: Int64?) -> Int64? {
        guard let session, let stream else { return session ?? stream }
        return min(session, stream)
    }

    package var number: Int { open.entry.number }
    /// What the journal is told, without a copy.
    package func lendEntry(_ use: (inout Call) -> Void) { open.lend(use) }
    package var space: Space { open.space }
    package var session: Int { open.session?.maker ?? 0 }
    package var endsSession: Int { open.endsSession }

    /// The session is in use at this moment of real time.
    package func touch(at real: Instant) {
        guard open.session != nil, let key = open.sessionKey else { return }
        open.space.sessions.keepBusy(key, until: open.space.clock.now(real))
    }

    // MARK: For the journal

    /// What has become known of the answer.
    package func note(_ change: (inout Call) -> Void) { change(&open.entry) }

    /// Why each of the benders changed nothing, nil for those that did.
    package func note(_ reasons: [String?]) {
        guard !open.faults.isEmpty else { return }
        open.faults.note(reasons.prefix(benderCount))
        open.entry.faults = open.faults.entries.map(Call.Fault.init)
    }
}

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
