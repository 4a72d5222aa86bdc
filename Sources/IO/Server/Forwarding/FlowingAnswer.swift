import Delivery
import Emulator
import Journal

/// An answer that comes piece by piece, on its way to the caller: bent by faults, and told to the journal as it passes.
/// Where it comes from is said by those that are made of it.
class FlowingAnswer: StepSource {
    private let call: FlowingCall
    let service: ServingLoop
    private unowned let connection: Connection
    let epoch: Int
    /// On the monotonic clock.
    let arrived: Int64
    let arrivals = ArrivedSteps()
    private var bent: BentSource
    private var passed = PassedAnswer()
    private(set) var isOver = false
    /// Another machine has the client's connection.
    private(set) var isHandedOver = false

    init(_ call: FlowingCall, for connection: Connection, arrived: Int64) {
        (self.call, self.connection, self.arrived) = (call, connection, arrived)
        service = connection.service
        epoch = service.keeper.epoch
        bent = BentSource(arrivals, through: call.benders)
    }

    var elapsed: Int64 { service.loop.now &- arrived }

    /// The call is in the journal: the answer may come.
    func begin() {}

    /// All that has come was taken.
    func wasTaken() {}

    /// The call has ended, whoever ended it.
    func release(_ report: Report) {}

    /// What the answer begins is a conversation.
    final func converse(_ conversation: Conversation) -> ConversationConnection {
        (isOver, isHandedOver) = (true, true)
        return connection.handOver(conversation, arrived: arrived)
    }

    /// Something has come.
    final func stir() {
        if !isOver { connection.proceedNow() }
    }

    final func next(now: Int64) -> NextSteps {
        let next = bent.next(now: now)
        if case .steps(let steps) = next {
            let headCame = passed.note(steps)
            if headCame, !passed.isOver {
                call.note { passed.tell(&$0) }
                tellJournal()
            }
        }
        if arrivals.isEmpty { wasTaken() }
        guard case .waits = next, let life = call.lifeLeft else { return next }
        return outlived(life, now)
    }

    /// What the session's life cuts may itself be waiting for the other side.
    private func outlived(_ life: Int64, _ now: Int64) -> NextSteps {
        if now &- arrived < life { return .waits(until: arrived.later(by: life)) }
        arrivals.append([.wait(until: .max / 2)])
        return bent.next(now: now)
    }

    /// More of the call is known.
    final func tellJournal() { call.lendEntry { service.keeper.answered($0, epoch: epoch) } }

    /// The call has ended: tells the journal so, and what the answer was. False where another machine has the connection, and
    /// tells it.
    final func end(_ report: Report, series: Int32) -> Bool {
        guard !isOver else { return false }
        isOver = true
        release(report)
        if !passed.isOver { bent.abandon() }
        call.note(bent.reasons)
        call.touch(at: service.instant(at: arrived &+ report.ended))
        call.note { passed.tell(&$0) }
        let frames = passed.records(report.frames)
        call.lendEntry { service.keeper.ended($0, frames: frames, report, epoch: epoch, series: series) }
        return true
    }
}

/// What has come from the other side, as steps that nobody has taken yet.
final class ArrivedSteps: StepSource {
    private var steps: [Step] = []
    /// What waits until it may be taken.
    private var held: [Step] = []
    private var holds = false

    var isEmpty: Bool { steps.isEmpty }

    func append(_ more: [Step]) {
        if holds {
            held += more
        } else if steps.isEmpty {
            steps = more
        } else {
            steps += more
        }
    }

    /// What is appended from now on is not taken before `release`.
    func hold() { holds = true }

    func release() {
        steps += held
        (held, holds) = ([], false)
    }

    func next(now: Int64) -> NextSteps {
        guard !steps.isEmpty else { return .waits(until: .max) }
        defer { steps = [] }
        return .steps(steps)
    }
}
