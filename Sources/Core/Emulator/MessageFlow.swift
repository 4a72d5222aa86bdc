import Delivery
import Rules

/// The messages of one conversation that are decided, in the order in which they are due: a push that comes later does
/// not keep an answer waiting that is due before it.
///
/// Where the space's time passes faster, what is decided has its moments as they are written, and leaves by its benders
/// through one that hastens it: so a moment of the call is told from one that is written here and nowhere else.
struct MessageFlow {
    private struct Waiting {
        var due: Int64
        var step: Step
        var bytes: Int
    }

    private var waiting: [Waiting] = []
    /// How many at its start have left: what is behind them moves up only once they are the most.
    private var gone = 0
    private let speed: Double
    private var isOver = false
    private var bytes = 0

    init(speed: Double) { self.speed = speed }

    /// The moment as it would be written.
    func written(_ elapsed: Int64) -> Int64 { speed == 1 ? elapsed : elapsed.multiplied(by: speed) }

    /// Of what is decided and has not left.
    var backlog: Int { bytes }

    /// Behind everything that is due by then.
    mutating func add(_ step: Step, due: Int64, bytes: Int = 0) {
        let place = (waiting[gone...].lastIndex { $0.due <= due }).map { $0 + 1 } ?? gone
        waiting.insert(Waiting(due: due, step: step, bytes: bytes), at: place)
        self.bytes += bytes
    }

    /// Each due its gap after the one before it. Returns when the last of them is due.
    @discardableResult
    mutating func add(_ messages: [CompiledConversation.Said], from moment: Int64) -> Int64 {
        var due = moment
        for message in messages {
            due = due.later(by: message.gap)
            add(
                .frames(
                    FrameRun(frame: message.bytes, due: due, bytesPerSecond: nil, isBinary: message.isBinary)),
                due: due, bytes: message.bytes.count)
        }
        return due
    }

    mutating func end() { (isOver, waiting, gone) = (true, [], 0) }

    /// `now` is counted from the call's arrival. What leaves `shift` later by a fault is not taken before that is near: until
    /// then an answer may be due before it.
    mutating func next(now elapsed: Int64, shift: Int64 = 0) -> NextSteps {
        if isOver { return .steps([.end]) }
        let latest = written(elapsed)
        let isLatest = latest == .latest
        guard gone < waiting.count else { return .waits(until: .max) }
        let first = waiting[gone].due
        guard isLatest || first <= latest - shift else {
            let due = first.later(by: shift)
            return .waits(until: speed == 1 ? due : due.divided(by: speed).later(by: 1))
        }
        return .steps(takeDue(by: isLatest ? .max : latest - shift))
    }

    private mutating func takeDue(by moment: Int64) -> [Step] {
        var steps: [Step] = []
        while gone < waiting.count, waiting[gone].due <= moment {
            steps.append(waiting[gone].step)
            // Its bytes are not kept here.
            waiting[gone].step = .end
            bytes -= waiting[gone].bytes
            gone += 1
        }
        if gone == waiting.count {
            (waiting, gone) = ([], 0)
        } else if gone >= 32, gone * 2 > waiting.count {
            waiting.removeFirst(gone)
            gone = 0
        }
        return steps
    }
}
