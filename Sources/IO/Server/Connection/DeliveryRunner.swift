import Delivery
import Emulator
import HTTPWire

// Rules.  Steps are done in order, each as soon as its time has come and the socket has taken what came before. A
//         deadline counts from the call's arrival, so lateness never adds up. A frame that is due leaves at once; frames
//         that are overdue together leave in one system call, each in a chunk of its own.
// Theory. The runner never waits: `advance` does what can be done now and says what it waits for. What is assembled
//         but not sent lies in the loop's shared buffer, and is always sent before `advance` returns.
// Table.  | step         | waits for            | then                             |
//         |--------------|----------------------|----------------------------------|
//         | wait         | its moment           | next step                        |
//         | head, body   | nothing              | joins what leaves next           |
//         | frames       | each frame's moment  | a chunk for each                 |
//         | whole        | nothing              | as head, body and end            |
//         | end          | the socket           | next call, or the connection ends|
//         | close, reset | the socket           | FIN, RST                         |
//         | hang         | the client           | it went away                     |

/// One call's answer on its way out.
final class DeliveryRunner {
    enum Progress: Equatable {
        /// Nothing to do before this moment of the monotonic clock.
        case waits(until: Int64)
        /// The socket is full.
        case blocked
        case hangs
        case ended(Report.Outcome, Ending)
        /// The socket broke: the client is gone.
        case gone
    }

    /// What becomes of the connection.
    enum Ending: Equatable {
        case keepsAlive
        case closes
        case resets
    }

    // Ten thousand of these are alive at once: what can be small is small, and 0 or -1 stand for nil.

    /// The call's number in the journal, 0 for what is not journaled; and the journal's epoch then.
    let number: Int
    let epoch: Int32
    /// The session that the call belongs to, by the number of the call that made it; 0 for none.
    let session: Int
    /// Where the journal counts it, or -1.
    let series: Int32
    /// Whose clock says when it ended; nil for what is not journaled.
    let space: Space?
    /// Its place among those who watch the journal, or 0.
    var observer: Int32 = 0
    /// When the call arrived, on the monotonic clock.
    let arrived: Int64
    /// Nanoseconds after that, or -1.
    private var firstByte: Int64 = -1
    /// When the clock was read last, for a wait or for what left.
    var lastLooked: Int64
    var bytes = 0
    var log = FrameLog()
    var isHanging = false

    /// What is being done, or nil when all is; and what follows it.
    var step: Step?
    var rest: [Step]
    var index = 0
    /// The next frame of the run being sent, or -1; and the first of those assembled whose leaving is not noted yet.
    var frame: Int32 = -1
    /// The next piece of that frame, for a run that drips.
    var piece: Int32 = 0
    var firstUnnoted: Int32 = 0
    /// Where that one begins among the bytes not sent yet.
    var framesStart = 0
    var writer = ResponseWriter()
    let circumstances: ResponseWriter.Circumstances
    let outcomeAtEnd: Report.Outcome

    /// Where more steps come from once these are done: what comes piece by piece from elsewhere, or what is written
    /// while the client reads.
    var flowing: FlowingAnswer?
    var source: (any StepSource)? { didSet { hasSource = source != nil } }
    /// Known without a look at it, which would copy it.
    private(set) var hasSource = false
    var isEnded = false

    init(
        _ script: ScriptedSource, number: Int, epoch: Int, arrived: Int64,
        _ circumstances: ResponseWriter.Circumstances,
        outcomeAtEnd: Report.Outcome = .completed, space: Space? = nil, session: Int = 0, series: Int32 = -1
    ) {
        (self.session, self.space) = (session, space)
        self.series = series
        (step, rest) = (script.first, script.rest)
        self.number = number
        self.epoch = Int32(truncatingIfNeeded: epoch)
        self.arrived = arrived
        lastLooked = arrived
        self.circumstances = circumstances
        self.outcomeAtEnd = outcomeAtEnd
    }

    func noteSent(_ count: Int, at now: Int64) {
        if count > 0, firstByte < 0 { firstByte = max(0, now - arrived) }
        bytes += count
        lastLooked = now
    }

    func report(_ outcome: Report.Outcome, at now: Int64) -> Report {
        Report(
            outcome: outcome, firstByte: firstByte < 0 ? nil : firstByte, ended: now - arrived, bytes: bytes,
            frames: log)
    }
}
