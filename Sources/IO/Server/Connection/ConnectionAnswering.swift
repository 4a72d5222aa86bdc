import CShims
import Delivery
import Emulator
import EventLoop
import HTTPWire
import Journal

extension Connection {
    /// A request is complete.
    func receive(_ request: consuming Request) {
        let arrived = service.loop.now
        if ControlRequest.isMeant(by: request) {
            return service.control.answer(ControlRequest(request, arrived: arrived), on: self)
        }
        service.inFlight += 1
        ask(request, arrived: arrived, inFlight: service.inFlight)
    }

    /// A call may need a document before it can be answered, and then another.
    private func ask(_ request: consuming Request, arrived: Int64, inFlight: Int) {
        let circumstances = ResponseWriter.Circumstances(answering: request, serverKeepsAlive: !service.isStopping)
        let answer = service.answering.receive(
            request, arrived: service.instant(at: arrived),
            now: service.instant(at: pending == nil ? arrived : service.loop.now), inFlight: inFlight)
        switch answer {
        case .deliver(let answered):
            pending = nil
            deliver(answered, circumstances, arrived)
        case .fetch(let url, let request):
            let waiting = pending ?? PendingCall(request: request, arrived: arrived, inFlight: inFlight)
            waiting.documents += 1
            guard waiting.documents <= 8 else { return vanish() }
            phase = .fetching
            pending = waiting
            service.loop.clearDeadline(of: id)
            service.fetcher.fetch(url, for: id)
        }
    }

    /// The document that a call waited for is known, or why it is not.
    func askAgain() {
        guard let pending else { return }
        ask(pending.request, arrived: pending.arrived, inFlight: pending.inFlight)
    }

    /// What is not HTTP is refused, and journaled like any other call.
    func refuse(_ refusal: Refusal, _ head: Request?, _ bytes: UnsafeBufferPointer<UInt8>?) {
        let arrived = service.loop.now
        service.inFlight += 1
        let answer = service.answering.receiveRefused(
            status: refusal.status, message: refusal.message, head: head ?? Self.unread(bytes),
            arrived: service.instant(at: arrived), inFlight: service.inFlight)
        guard case .deliver(let answered) = answer else { return close() }
        deliver(
            answered, ResponseWriter.Circumstances(isHead: false, minorVersion: 1, keepsAlive: false), arrived,
            outcomeAtEnd: .refused)
    }

    /// The beginning of what never became a request.
    private static func unread(_ bytes: UnsafeBufferPointer<UInt8>?) -> Request {
        Request(
            head: bytes.map { Array($0.prefix(1_024)) } ?? [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil,
            minorVersion: 1, fields: [], keepsAlive: false)
    }

    private func deliver(
        _ answered: borrowing AnsweredCall, _ circumstances: ResponseWriter.Circumstances, _ arrived: Int64,
        outcomeAtEnd: Report.Outcome = .completed
    ) {
        let number = answered.call.number
        service.keeper.arrived(answered.call)
        if answered.endsSession != 0 { service.endAnswers(ofSession: answered.endsSession) }
        start(
            DeliveryRunner(
                answered.script, number: number, epoch: service.keeper.epoch, arrived: arrived, circumstances,
                outcomeAtEnd: outcomeAtEnd, session: answered.session))
    }

    func start(_ delivery: DeliveryRunner) {
        self.delivery = delivery
        phase = .delivering
        proceed()
        if phase == .delivering, peerEnded { checkPeer() }
    }

    /// What the answer waits for has happened.
    func proceedNow() {
        guard phase == .delivering, backlog == nil else { return }
        proceed()
        if phase != .delivering { service.loop.takeTurnLater(id) }
    }

    /// Does what can be done of the answer now.
    func proceed() {
        guard let delivery else { return }
        switch delivery.advance(on: self) {
        case .waits(let until): service.loop.setDeadline(soonerIfPeerEnded(until), for: id)
        case .blocked: setDeadline(after: service.settings.timeouts.write)
        case .hangs: service.loop.setDeadline(soonerIfPeerEnded(.max), for: id)
        case .gone: vanish()
        case .ended(let outcome, let ending):
            let now = ending == .keepsAlive ? delivery.lastLooked : service.loop.now
            end(delivery, outcome, at: now)
            finish(ending, outcome, at: now)
        }
    }

    func end(_ delivery: DeliveryRunner, _ outcome: Report.Outcome, at now: Int64) {
        self.delivery = nil
        if delivery.observer > 0 { service.keeper.forget(Int(delivery.observer)) }
        guard delivery.number > 0 else { return }
        service.inFlight -= 1
        service.keeper.ended(delivery.number, delivery.report(outcome, at: now), epoch: Int(delivery.epoch))
    }

    private func finish(_ ending: DeliveryRunner.Ending, _ outcome: Report.Outcome, at now: Int64) {
        switch ending {
        case .keepsAlive:
            phase = .reading
            service.loop.setDeadline(now &+ service.settings.timeouts.idle, for: id)
        case .closes: linger(isOver: outcome == .completed)
        case .resets: reset()
        }
    }

    // MARK: A client that goes away

    /// A client that only shut down its writing half still wants its answer (RFC 9112 9.6); one that closed its socket
    /// does not, and both look the same: an end of input. For a client on this machine the kernel tells them apart; any
    /// other is taken for gone, as most servers do. Nothing can be left to wait for when the answer hangs.
    func checkPeer() {
        guard peerEnded, let delivery, backlog == nil || delivery.isHanging else { return }
        if delivery.isHanging || shim_peer_is_owned(socket) != 1 { vanish() }
    }

    /// A half-closed client may still close: it is looked at again now and then.
    private func soonerIfPeerEnded(_ deadline: Int64) -> Int64 {
        peerEnded ? min(deadline, service.loop.now &+ 100_000_000) : deadline
    }
}

/// A call that cannot be answered before a document is there.
final class PendingCall {
    let request: Request
    let arrived: Int64
    let inFlight: Int
    /// How many documents it asked for: a verdict that never has enough would wait for good.
    var documents = 0

    init(request: Request, arrived: Int64, inFlight: Int) {
        (self.request, self.arrived, self.inFlight) = (request, arrived, inFlight)
    }
}
