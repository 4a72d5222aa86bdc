import Delivery
import Emulator
import Journal

/// An answer that comes piece by piece, on its way to the caller: bent by faults, and told to the journal as it passes.
/// Where it comes from is said by those that are made of it.
class FlowingAnswer: StepSource {
    private let call: FlowingCall
    let service: Service
    private unowned let connection: Connection
    let epoch: Int
    /// On the monotonic clock.
    let arrived: Int64
    let arrivals = ArrivedSteps()
    private var bent: BentSource<ArrivedSteps>
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
            call.note { passed.tell(&$0) }
            if headCame, !passed.isOver { service.keeper.answered(call.entry, epoch: epoch) }
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

    /// The call has ended. Tells the journal what the answer was.
    final func end(_ report: Report) {
        guard !isOver else { return }
        isOver = true
        release(report)
        if !passed.isOver { bent.abandon() }
        call.note(bent.reasons)
        call.touch(at: service.instant(at: arrived &+ report.ended))
        call.note { passed.tell(&$0) }
        service.keeper.answered(call.entry, frames: passed.records(report.frames), epoch: epoch)
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
        if holds { held += more } else { steps += more }
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
