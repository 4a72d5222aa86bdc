import ControlAPI
import Conversations
import Delivery
import Emulator
import EventLoop
import Forwarding
import HTTPWire
import Journal
import Runtime

// What a connection answers: it asks the emulator, and takes the answer's steps to the client.

extension Connection {
    /// A request is complete.
    func receive(_ request: consuming Request, arrived: Int64, hasMore: Bool = false) {
        if let bodyHash {
            request.bodyDigest = bodyHash.finish(request.body)
            self.bodyHash = nil
            guard bodyHash.setAside(&request.body) else { return giveUp() }
            request.aside = bodyHash.spool?.content
        }
        guard admits(&request, arrived: arrived, hasMore: hasMore) else { return }
        if ControlRequest.isMeant(by: request) {
            service.prepareForControl()
            control(ControlRequest(request, arrived: arrived, now: service.instant(at: arrived)))
            return service.stirConversations()
        }
        service.inFlight += 1
        ask(request, arrived: arrived, inFlight: service.inFlight)
    }

    private func control(_ asked: ControlRequest) {
        let reply =
            PageFiles.answer(asked).map { ControlTable.Reply(steps: $0) }
            ?? service.control.answer(asked, in: service.controlWorld(at: asked.arrived))
        let delivery = DeliveryRunner(
            ScriptedSource(reply.steps), number: 0, epoch: 0, arrived: asked.arrived,
            ResponseWriter.Circumstances(answering: asked.request, serverKeepsAlive: !service.isStopping))
        delivery.source = reply.source
        reply.source?.watch { [weak self] in self?.proceedNow() }
        if reply.source?.watchesJournal == true {
            delivery.observer = Int32(truncatingIfNeeded: service.keeper.observe { self.proceedNow() })
        }
        start(delivery)
    }

    /// Takes what has arrived of a large body.
    func hashOnTheWay() {
        guard held.count > BodyHash.threshold, let head = exchange.requestMidBody else { return }
        let hash = bodyHash ?? BodyHash(head)
        bodyHash = hash
        hash.update(held)
        guard held.count > SpooledContent.threshold, hash.spool != nil || service.onlyPassesOn(head) else { return }
        hash.spool = hash.spool ?? SpooledContent()
        if !hash.setAside(&held) { giveUp() }
    }

    /// A call may need a document before it can be answered, and then another.
    private func ask(_ request: consuming Request, arrived: Int64, inFlight: Int) {
        let circumstances = ResponseWriter.Circumstances(answering: request, serverKeepsAlive: !service.isStopping)
        let answer = service.answering.receive(
            request, arrived: service.instant(at: arrived),
            now: service.instant(at: pending == nil ? arrived : loop.now), inFlight: inFlight,
            documents: pending?.documents ?? 0)
        switch answer {
        case .deliver(let answered):
            pending = nil
            deliver(answered, circumstances, arrived)
        case .read(let reading):
            pending = nil
            read(reading, circumstances, arrived)
        case .converse(let answered):
            pending = nil
            handOver(answered, circumstances, arrived)
        case .fetch(let url, let request):
            let waiting = pending ?? PendingCall(request: request, arrived: arrived, inFlight: inFlight)
            waiting.documents += 1
            pending = waiting
            obey(exchange.answerDeferred(), at: arrived)
            if url == Identity.document {
                service.identities.find(for: id)
            } else {
                service.fetcher.fetch(url, for: id)
            }
        case .forward(let forwarded):
            pending = nil
            flow(forwarded, circumstances, arrived) { ForwardedAnswer(forwarded, for: self, arrived: arrived) }
        case .replay(let replayed):
            pending = nil
            flow(replayed, circumstances, arrived) { StoredAnswer(replayed, for: self, arrived: arrived) }
        }
    }

    /// A short journal is looked through at once.
    private func read(_ reading: ReadingCall, _ circumstances: ResponseWriter.Circumstances, _ arrived: Int64) {
        var budget = SoughtAnswer.looks
        if let answered = reading.answer(from: service.keeper.log, budget: &budget) {
            return deliver(answered, circumstances, arrived)
        }
        let sought = reading.sought()
        flow(sought, circumstances, arrived) { SoughtAnswer(sought, for: self, arrived: arrived) }
    }

    /// The opening was accepted: another machine has the connection from here on. What follows the request is left here
    /// until that one reads.
    private func handOver(
        _ answered: borrowing AnsweredCall, _ circumstances: ResponseWriter.Circumstances, _ arrived: Int64
    ) {
        guard let conversation = answered.conversation else { return deliver(answered, circumstances, arrived) }
        let series = noteArrival(of: answered)
        handOver(
            ConversationExchange(conversation, arrived: arrived, circumstances), number: answered.number,
            session: answered.session, series: series)
    }

    /// The same for a call that is being answered.
    func handOver(_ conversation: Conversation, arrived: Int64) -> ConversationConnection {
        let delivery = delivery
        self.delivery = nil
        let circumstances =
            delivery?.circumstances ?? ResponseWriter.Circumstances(isHead: false, minorVersion: 1, keepsAlive: false)
        return handOver(
            ConversationExchange(conversation, arrived: arrived, circumstances), number: delivery?.number ?? 0,
            session: delivery?.session ?? 0, series: delivery?.series ?? -1)
    }

    @discardableResult
    private func handOver(
        _ exchange: ConversationExchange, number: Int, session: Int, series: Int32
    ) -> ConversationConnection {
        loop.forget(descriptor: transport.descriptor)
        let early = held
        release()
        held = early
        return ConversationConnection.takeOver(
            self, exchange, number: number, session: session, series: series)
    }

    /// The document that a call waited for is known, or why it is not.
    func askAgain() {
        guard let pending else { return }
        ask(pending.request, arrived: pending.arrived, inFlight: pending.inFlight)
    }

    /// What is not HTTP is refused, and journaled like any other call. RFC 9110 9.3.2 holds for it, too: "the server
    /// MUST NOT send content in the response" to HEAD. Of one whose time was up before its head was whole, `held` has
    /// the beginning.
    func refuse(_ refusal: MessageRefusal, _ head: Request?, _ bytes: UnsafeBufferPointer<UInt8>, arrived: Int64) {
        service.inFlight += 1
        bodyHash = nil
        let answer = service.answering.receiveRefused(
            status: refusal.status, message: refusal.message, head: head ?? Self.unread(bytes),
            arrived: service.instant(at: arrived), inFlight: service.inFlight)
        guard case .deliver(let answered) = answer else { return giveUp() }
        let isHead = head?.isMethod("HEAD") ?? (exchange.refusedHead || held.starts(with: "HEAD ".utf8))
        deliver(
            answered, ResponseWriter.Circumstances(isHead: isHead, minorVersion: 1, keepsAlive: false), arrived,
            outcomeAtEnd: .refused)
    }

    /// The beginning of what never became a request.
    private static func unread(_ bytes: UnsafeBufferPointer<UInt8>) -> Request {
        Request(
            head: Array(bytes.prefix(1_024)), method: 0..<0, target: 0..<0, path: 0..<0, query: nil,
            minorVersion: 1, fields: [], keepsAlive: false)
    }

    private func deliver(
        _ answered: borrowing AnsweredCall, _ circumstances: ResponseWriter.Circumstances, _ arrived: Int64,
        outcomeAtEnd: Report.Outcome = .completed
    ) {
        let number = answered.number
        let series = noteArrival(of: answered)
        service.keeper.join(answered.segments, in: answered.space?.name)
        if answered.endsSession != 0 { service.endAnswers(ofSession: answered.endsSession) }
        start(
            DeliveryRunner(
                answered.script, number: number, epoch: service.keeper.epoch, arrived: arrived, circumstances,
                outcomeAtEnd: outcomeAtEnd, space: answered.space, session: answered.session, series: series))
    }

    private func noteArrival(of answered: borrowing AnsweredCall) -> Int32 {
        var series: Int32 = -1
        answered.lendCall { series = service.keeper.arrived($0) }
        return series
    }

    /// What comes piece by piece is this call's answer.
    private func flow(
        _ call: FlowingCall, _ circumstances: ResponseWriter.Circumstances, _ arrived: Int64,
        _ makeAnswer: () -> FlowingAnswer
    ) {
        var series: Int32 = -1
        call.lendEntry { series = service.keeper.arrived(flowing: &$0) }
        if call.endsSession != 0 { service.endAnswers(ofSession: call.endsSession) }
        let answer = makeAnswer()
        let delivery = DeliveryRunner(
            ScriptedSource([]), number: call.number, epoch: service.keeper.epoch, arrived: arrived,
            circumstances, space: call.space, session: call.session, series: series)
        delivery.flowing = answer
        answer.begin()
        start(delivery)
    }

    func start(_ delivery: DeliveryRunner) {
        self.delivery = delivery
        obey(exchange.answerBegan(), at: delivery.arrived)
    }

    /// What the answer waits for has happened.
    func proceedNow() {
        guard exchange.isAnswering else { return }
        obey(exchange.answerStirred(), at: loop.now)
        if !exchange.isAnswering { loop.takeTurnLater(id) }
    }

    /// Does what can be done of the answer now.
    func proceed() {
        guard let delivery else { return }
        let progress = delivery.advance(on: self)
        if case .ended(let outcome, let ending) = progress { return finish(delivery, outcome, ending) }
        let now = loop.now
        switch progress {
        case .waits(let until): obey(exchange.answerWaits(until: until, at: now, rules), at: now)
        case .blocked: obey(exchange.answerBlocked(at: now, rules), at: now)
        case .hangs: obey(exchange.answerHangs(at: now, rules), at: now)
        case .gone, .ended: giveUp()
        }
    }

    private func finish(_ delivery: DeliveryRunner, _ outcome: Report.Outcome, _ ending: DeliveryRunner.Ending) {
        let now = ending == .keepsAlive ? delivery.lastLooked : loop.now
        end(delivery, outcome, at: now)
        switch ending {
        case .keepsAlive: endAnswer(.keepsAlive, at: now)
        case .closes: endAnswer(.closes(isOver: outcome == .completed), at: now)
        case .resets: endAnswer(.resets, at: now)
        }
    }

    private func endAnswer(_ ending: ServerExchange.Ending, at now: Int64) {
        let isQuiet = !transport.mayReceive && held.isEmpty
        obey(exchange.answerEnded(ending, isQuiet: isQuiet, at: now, rules), at: now)
    }

    func end(_ delivery: DeliveryRunner, _ outcome: Report.Outcome, at now: Int64) {
        self.delivery = nil
        if delivery.hasSource { (delivery.source as? ProxiedAnswer)?.release() }
        if delivery.observer > 0 { service.keeper.forget(Int(delivery.observer)) }
        guard delivery.number > 0 else { return }
        service.inFlight -= 1
        var report = delivery.report(outcome, at: now)
        if let clock = delivery.space?.clock, clock.isMoved {
            report.clock = clock.now(service.instant(at: now)).nanoseconds
        }
        if delivery.flowing?.end(report, series: delivery.series) == true { return }
        service.keeper.ended(delivery.number, report, epoch: Int(delivery.epoch), series: delivery.series)
    }

    // MARK: Ended by the server

    /// The server is going: what is being sent stops here, without an end that would make it look complete.
    func endNow() {
        if let delivery { end(delivery, delivery.isHanging ? .hung : .closed, at: loop.now) }
        giveUp()
    }

    /// The session that is being answered in was stopped: FIN at once, a chunked body without its last chunk.
    func endWithSession() {
        guard let delivery else { return }
        let now = loop.now
        end(delivery, delivery.isHanging ? .hung : .sessionStopped, at: now)
        endAnswer(.closes(isOver: false), at: now)
    }
}

/// A call that cannot be answered before a document is there.
final class PendingCall {
    let request: Request
    let arrived: Int64
    let inFlight: Int
    /// How many documents it asked for.
    var documents = 0

    init(request: Request, arrived: Int64, inFlight: Int) {
        (self.request, self.arrived, self.inFlight) = (request, arrived, inFlight)
    }
}
