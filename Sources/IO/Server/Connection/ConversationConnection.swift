import Conversations
import Delivery
import EventLoop
import WebSocketWire

/// A connection on which a conversation was opened: the shell of its exchange, whose rules stand there. It takes the
/// socket over from the connection that got the opening, which is then no more.
final class ConversationConnection: Shell {
    let service: ServingLoop
    var transport: Transport
    var id = WatchID.none
    var exchange: ConversationExchange
    var held: [UInt8] = []
    /// The call's number in the journal, and the journal's epoch then.
    private let number: Int
    let epoch: Int32
    /// The session that the call belongs to, as its `AnsweredCall` names it.
    let session: Int
    /// Where the metrics count it.
    private let series: Int32
    /// How many messages the journal was told of.
    private var told: Int32 = -1
    private var isStirred = false
    /// What came behind the opening lies there, until this reads.
    private var predecessor: Connection?

    var loop: Loop { service.loop }
    var rules: ConversationRules { service.conversationRules }

    @discardableResult
    static func takeOver(
        _ connection: Connection, _ exchange: ConversationExchange, number: Int, session: Int, series: Int32
    ) -> ConversationConnection {
        let taken = ConversationConnection(connection, exchange, number: number, session: session, series: series)
        do {
            taken.id = try taken.loop.add(taken, descriptor: taken.transport.descriptor)
        } catch {
            taken.obey(taken.exchange.broke(), at: taken.loop.now)
            return taken
        }
        taken.obey(taken.exchange.stirred(at: taken.loop.now, taken.rules), at: taken.loop.now)
        taken.loop.takeTurnLater(taken.id)
        return taken
    }

    private init(
        _ connection: Connection, _ exchange: ConversationExchange, number: Int, session: Int, series: Int32
    ) {
        service = connection.service
        transport = connection.transport
        predecessor = connection
        epoch = Int32(truncatingIfNeeded: service.keeper.epoch)
        (self.exchange, self.number, self.session, self.series) = (exchange, number, session, series)
        service.conversationCount += 1
    }

    // MARK: The loop calls

    func changed(_ events: Events) {
        if events.contains(.broken) { return obey(exchange.broke(), at: loop.now) }
        if transport.note(events) { drain() }
        if events.contains(.peerEnded) { obey(exchange.clientEnded(), at: loop.now) }
        readOn()
    }

    func takeTurn() {
        if let predecessor {
            held = predecessor.held
            self.predecessor = nil
        }
        if isStirred {
            isStirred = false
            stir()
        }
        readOn()
    }

    func broke(_ failure: Transport.Failure) { obey(exchange.broke(), at: loop.now) }

    // MARK: The machine says

    func obey(_ action: ConversationExchange.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>) {
        switch action {
        case .goOn: break
        case .wait(let until): until == .max ? loop.clearDeadline(of: id) : loop.setDeadline(until, for: id)
        case .send: send()
        case .finish(let until):
            end(at: now)
            transport.finish()
            held = []
            loop.setDeadline(until, for: id)
            // What has arrived already is told by no further event.
            loop.takeTurnLater(id)
        case .close:
            release(at: now)
            transport.close()
        case .reset:
            release(at: now)
            transport.reset()
        }
    }

    private func send() {
        let sent = transport.send(exchange.takeOutput())
        let now = loop.now
        switch sent {
        case .broken: obey(exchange.broke(), at: now)
        case .some(let count): obey(exchange.blocked(count, at: now, rules), at: now)
        case .all(let count): obey(exchange.flowed(count, at: now, rules), at: now)
        }
    }

    /// The socket has room again.
    private func drain() {
        let sent = transport.drain()
        let now = loop.now
        switch sent {
        case .broken: obey(exchange.broke(), at: now)
        case .some(let count): if count > 0 { obey(exchange.blocked(count, at: now, rules), at: now) }
        case .all(let count): obey(exchange.flowed(count, at: now, rules), at: now)
        }
    }

    // MARK: The journal

    /// Those who ask for the call while it goes on see what was said so far.
    func tellMessages() {
        guard told != Int32(clamping: exchange.log.count), !exchange.isOver else { return }
        told = Int32(clamping: exchange.log.count)
        service.keeper.said(in: number, exchange.log, epoch: Int(epoch))
    }

    private func end(at now: Int64) {
        guard let report = exchange.takeReport(at: now) else { return }
        told = Int32(clamping: exchange.log.count)
        service.inFlight -= 1
        service.keeper.ended(number, report, epoch: Int(epoch), series: series)
    }

    private func release(at now: Int64) {
        end(at: now)
        loop.remove(id)
        held = []
        predecessor = nil
        service.conversationCount -= 1
    }

    /// Whoever it speaks to takes more, or has said something. It may be told while this connection is at work.
    func goOn() {
        isStirred = true
        loop.takeTurnLater(id)
    }

    // MARK: Ended by the server

    /// Something outside has changed: a clock.
    func stir() {
        let now = loop.now
        obey(exchange.stirred(at: now, rules), at: now)
    }

    /// The session was stopped: "terminates at once, cuts streams and sockets" (wire reference 4).
    func endWithSession() { end(saying: "The session was stopped", .sessionStopped) }

    /// The server is going: there is no time for an answer.
    func endNow() {
        end(saying: "The server is going", .closed)
        obey(exchange.broke(), at: loop.now)
    }

    private func end(saying reason: String, _ outcome: Report.Outcome) {
        let now = loop.now
        exchange.end(saying: .goingAway, reason, outcome, at: now)
        obey(exchange.stirred(at: now, rules), at: now)
    }
}
