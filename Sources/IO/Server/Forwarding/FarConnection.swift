import CShims
import Conversations
import Delivery
import Emulator
import EventLoop

/// The connection to the other side of a conversation that is passed on: what it says goes to the client's connection, and
/// what the client says comes here.
final class FarConnection: Shell {
    let loop: Loop
    private(set) var id = WatchID.none
    var transport: Transport
    var exchange: FarExchange
    var held: [UInt8]
    let rules: Void = ()
    private let conversation: Conversation
    private let far: FarEnd
    private weak var near: ConversationConnection?
    private let tap: CallTap?
    /// When the call arrived, on the monotonic clock.
    private let arrived: Int64
    /// Told once, when nothing more will be said.
    private var ended: (() -> Void)?
    private var isClosed = false
    private static let patience: Int64 = 5_000_000_000

    init(
        _ loop: Loop, _ transport: consuming Transport, early: [UInt8], _ conversation: Conversation, _ far: FarEnd,
        tap: CallTap?, arrived: Int64, ended: @escaping () -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.transport = transport
        (held, self.conversation, self.far, self.tap) = (early, conversation, far, tap)
        (self.arrived, self.ended) = (arrived, ended)
        exchange = FarExchange(seed: shim_random())
        id = try loop.add(self, descriptor: self.transport.descriptor)
    }

    /// From now on both sides are heard.
    func begin(with near: ConversationConnection) {
        self.near = near
        far.passes = { [self] message, isBinary in
            tap?.take(message, isBinary: isBinary, from: .client, at: elapsed)
            obey(exchange.say(message, isBinary: isBinary), at: loop.now)
        }
        far.closes = { [self] code, reason in
            if code == nil {
                tap?.end(.clientClosed, at: elapsed / 1_000)
            } else {
                tap?.takeClose(code, reason, from: .client, at: elapsed)
            }
            tellEnd()
            loop.setDeadline(loop.now &+ Self.patience, for: id)
            obey(exchange.close(code: code, reason: reason), at: loop.now)
        }
        far.reads = { [self] in goOn() }
        far.unsent = { [self] in transport.unsent }
        loop.takeTurnLater(id)
    }

    private var elapsed: Int64 { loop.now &- arrived }

    // MARK: The loop calls

    func changed(_ events: Events) {
        if events.contains(.broken) { return obey(exchange.broke(), at: loop.now) }
        if transport.note(events) { note(transport.drain()) }
        readOn()
    }

    func takeTurn() { readOn() }

    func broke(_ failure: Transport.Failure) { obey(exchange.broke(), at: loop.now) }

    // MARK: The machine says

    func obey(_ action: FarExchange.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>) {
        switch action {
        case .goOn: break
        case .send: note(transport.send(exchange.takeOutput()))
        case .said(let message, let isBinary):
            tap?.take(message, isBinary: isBinary, from: .other, at: now &- arrived)
            conversation.said(message, isBinary: isBinary, at: now &- arrived)
            exchange.isPaused = conversation.backlog > FarEnd.mostWaiting
            near?.goOn()
        case .ended(let code, let reason):
            tap?.takeClose(code, reason, from: .other, at: now &- arrived)
            _ = transport.send(exchange.takeOutput())
            transport.finish()
            end(.closeConversation(code: code ?? 1_000, reason: reason), now)
        case .cut: end(.close, now)
        }
    }

    /// The server is going. A client that has closed in order is not here any more; what it heard is recorded all the same.
    func endNow() { tap?.end(.closed, at: elapsed / 1_000) }

    private func note(_ sent: Transport.Sent) {
        if case .broken = sent { return obey(exchange.broke(), at: loop.now) }
        // The client was held back while this side did not read.
        if case .all = sent { near?.goOn() }
    }

    private func goOn() {
        guard exchange.isPaused else { return }
        exchange.isPaused = false
        loop.takeTurnLater(id)
    }

    private func end(_ step: Step, _ now: Int64) {
        guard !isClosed else { return }
        isClosed = true
        tap?.end(step == .close ? .closed : .completed, at: (now &- arrived) / 1_000)
        loop.remove(id)
        transport.close()
        (far.passes, far.closes) = ({ _, _ in }, { _, _ in })
        (far.reads, far.unsent) = ({}, { 0 })
        conversation.otherEnded(step, at: now &- arrived)
        near?.goOn()
        tellEnd()
    }

    /// Before the call itself has ended.
    private func tellEnd() {
        ended?()
        ended = nil
    }
}
