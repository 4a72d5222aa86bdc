import EventLoop
import HTTPWire
import TLS

/// A connection to another server: the shell of a client's exchange. Between two requests it is idle.
final class ClientConnection: Shell {
    unowned let client: HTTPClient
    let origin: HTTPClient.Origin
    let loop: Loop
    private(set) var id = WatchID.none
    var transport: Transport
    var exchange: ClientExchange
    var held: [UInt8] = []
    let rules: Void = ()
    private(set) var asking: Asking?
    /// It has carried a whole exchange before.
    private var isUsed = false
    private var isClosed = false
    private let security: ClientSecurity?
    /// While a proxy is asked for a way through.
    private var tunnel: ProxyTunnel?
    private var isRefused = false
    /// Nothing more can be sent.
    private var isBroken = false
    /// How much of a content was sent that is not in memory.
    private var asideSent = 0
    private static let piece = 1 << 18
    private static let piecesATurn = 16

    /// Begins to connect to one of the addresses.
    init(
        _ client: HTTPClient, _ origin: HTTPClient.Origin, to address: String, for asking: Asking,
        through proxy: HTTPURI?, security: ClientSecurity?
    ) throws(SystemError) {
        self.client = client
        self.origin = origin
        self.asking = asking
        loop = client.loop
        exchange = ClientExchange(
            answeringHead: asking.request.isHead, maySwitch: asking.request.switches, limits: asking.request.limits)
        self.security = security
        if security != nil, let proxy {
            transport = try Transport(connectingTo: address, port: proxy.port)
            tunnel = ProxyTunnel(to: asking.request.url, through: proxy)
        } else {
            transport = try Transport(
                connectingTo: address, port: proxy?.port ?? origin.port, security, host: origin.host)
        }
        do throws(SystemError) {
            id = try loop.add(self, descriptor: transport.descriptor)
        } catch {
            transport.close()
            throw error
        }
        loop.setDeadline(loop.now &+ asking.request.patience.connect, for: id)
    }

    /// Carries another request.
    func carry(_ asking: Asking) {
        self.asking = asking
        asking.connection = self
        held = []
        exchange = ClientExchange(
            isConnected: true, answeringHead: asking.request.isHead, maySwitch: asking.request.switches,
            limits: asking.request.limits)
        asking.taker?.connected()
        obey(.send, at: loop.now)
    }

    // MARK: The loop calls

    func changed(_ events: Events) {
        let maySend = transport.note(events)
        if exchange.isConnecting { return connect() }
        guard asking != nil else { return close() }
        if maySend { note(transport.drain()) }
        readOn()
    }

    func takeTurn() {
        if asideSent > 0, hasAside, !transport.isBlocked, !isBroken { sendAside() }
        readOn()
        // What the other side said before it stopped reading was there first: a refusal of a large body above all.
        guard isBroken, !exchange.isPaused else { return }
        if let failure = transport.session?.failure { return broke(.security(failure)) }
        obey(exchange.failed("the connection broke"), at: loop.now)
    }

    func deadlinePassed() {
        guard asking != nil else { return close() }
        obey(exchange.deadlinePassed(at: loop.now, rules), at: loop.now)
    }

    private func connect() {
        if let failure = transport.connectionFailure { return broke(.system(failure)) }
        guard tunnel == nil else { return askForTunnel() }
        guard isSecured() else { return }
        asking?.taker?.connected()
        obey(exchange.connected(), at: loop.now)
        readOn()
    }

    /// The handshake is part of connecting: nothing is sent before it is done, and it has a time of its own.
    private func isSecured() -> Bool {
        guard let session = transport.session, session.isShakingHands else { return true }
        if exchange.accepted(), let patience = asking?.request.patience.handshake {
            loop.setDeadline(loop.now &+ patience, for: id)
        }
        switch transport.shakeHands() {
        case nil: return true
        case .broken(let failure): broke(failure)
        case .end: broke(.security(.cutOff))
        case .nothing, .bytes: break
        }
        return false
    }

    /// RFC 9110 9.3.6: what follows a proxy's 2xx to CONNECT is the other side's.
    private func askForTunnel() {
        if tunnel?.isAsked == false {
            tunnel?.isAsked = true
            if case .broken = transport.send(tunnel?.request ?? []) {
                return failTunnel("broke the connection")
            }
        }
        while tunnel != nil, transport.mayReceive {
            switch transport.receive(into: loop.scratch) {
            case .nothing: return
            case .end: return failTunnel("ended the connection")
            case .broken(let failure): return broke(failure)
            case .bytes(let count):
                let bytes = UnsafeBufferPointer(rebasing: loop.scratch[..<count])
                switch tunnel?.read(Span(_unsafeElements: bytes)) {
                case .open: break
                case .refused(let reason): return failTunnel(reason)
                case .waits, nil: continue
                }
                tunnel = nil
                guard let security, transport.secure(by: security, to: origin.host) else {
                    return obey(exchange.failed("no memory"), at: loop.now)
                }
                return connect()
            }
        }
    }

    private func failTunnel(_ reason: String) { obey(exchange.failed("the proxy \(reason)"), at: loop.now) }

    // MARK: The machine says

    func obey(_ action: ClientExchange.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>) {
        switch action {
        case .goOn: break
        case .send: send()
        case .take(let part) where part.ending == .switches: handOver(part, early: Array(rest))
        case .take(let part): take(part, hasRest: !rest.isEmpty, at: now)
        case .fail(let failure, after: let part):
            if let part { _ = asking?.taker?.take(part) }
            fail(failure)
        }
    }

    private func send() {
        guard let asking else { return }
        let body = asking.request.body
        asideSent = 0
        loop.setDeadline(loop.now &+ asking.request.patience.send, for: id)
        note(body.isEmpty ? transport.send(asking.head) : transport.send(Pieces(asking.head, body)))
    }

    private func note(_ sent: Transport.Sent) {
        guard let patience = asking?.request.patience else { return }
        switch sent {
        case .all where hasAside: sendAside()
        case .all:
            loop.setDeadline(loop.now &+ patience.answer, for: id)
            obey(exchange.sent(), at: loop.now)
        // Who takes nothing is not waited for anew.
        case .some(0): break
        case .some: loop.setDeadline(loop.now &+ patience.send, for: id)
        case .broken:
            isBroken = true
            loop.takeTurnLater(id)
        }
    }

    private var hasAside: Bool { asideSent < asking?.request.aside?.count ?? 0 }

    /// The next pieces of what is not in memory; then the others have their turn.
    private func sendAside() {
        for _ in 0..<Self.piecesATurn {
            guard let piece = asking?.request.aside?.read(at: asideSent, most: Self.piece) else {
                return obey(exchange.failed("the request could not be read again"), at: loop.now)
            }
            asideSent += piece.count
            let sent = transport.send(piece)
            guard case .all = sent, hasAside else { return note(sent) }
        }
        if let patience = asking?.request.patience.send { loop.setDeadline(loop.now &+ patience, for: id) }
        loop.takeTurnLater(id)
    }

    private func take(_ part: ClientExchange.Part, hasRest: Bool, at now: Int64) {
        guard let asking, let taker = asking.taker else { return close() }
        if let ending = part.ending {
            var part = part
            asking.finish()
            self.asking = nil
            part.isExceeded = part.isExceeded || ending == .keepsAlive && hasMore()
            rest(after: asking.request.isAlone ? .closes : ending, hasRest: part.isExceeded || hasRest)
            _ = taker.take(part)
            return
        }
        loop.setDeadline(now &+ asking.request.patience.answer, for: id)
        guard !taker.take(part), self.asking === asking else { return }
        exchange.isPaused = true
        loop.setDeadline(.max, for: id)
    }

    /// The socket goes on as another protocol's.
    private func handOver(_ part: ClientExchange.Part, early: [UInt8]) {
        guard let asking, let taker = asking.taker, let head = part.head else { return close() }
        asking.finish()
        (self.asking, isClosed) = (nil, true)
        client.forget(self)
        loop.forget(descriptor: transport.descriptor)
        loop.remove(id)
        taker.switched(head, transport, early: held + early)
        held = []
    }

    /// Whether bytes that nobody asked for are there in a segment of their own; or the connection's end.
    private func hasMore() -> Bool {
        let more = transport.receive(into: loop.scratch)
        isBroken = isBroken || more != .nothing
        if case .bytes = more { return true }
        return false
    }

    /// More than was announced may be an answer to nobody: such a connection is not used again.
    private func rest(after ending: ClientExchange.Ending, hasRest: Bool) {
        guard ending == .keepsAlive, !hasRest, held.isEmpty, !transport.isBlocked, !isBroken else { return close() }
        isUsed = true
        client.keep(self)
    }

    private func fail(_ failure: ClientExchange.Failure) {
        let asking = self.asking
        let wasStale = isUsed && !exchange.hasBegun && (failure.kind == .cut || failure.kind == .reset)
        close()
        guard let asking else { return }
        asking.connection = nil
        if failure.kind == .unreachable {
            // Who is there under one address and is not who was meant is not looked for under another.
            if isRefused { asking.addresses = [] }
            return client.connect(asking, after: failure)
        }
        // RFC 9112 9.3.1: a connection may be closed by the other side just when a request is sent on it.
        if wasStale, !asking.isRepeated {
            asking.isRepeated = true
            return client.open(asking)
        }
        asking.fail(failure)
    }

    /// A handshake that fails is a connection that never was.
    func broke(_ failure: Transport.Failure) {
        if case .security = failure, !exchange.hasBegun {
            isRefused = true
            return obey(exchange.refused(failure.reason), at: loop.now)
        }
        obey(exchange.failed(failure.reason), at: loop.now)
    }

    /// Whoever takes the answer has room again.
    func goOn() {
        guard exchange.isPaused, let asking else { return }
        exchange.isPaused = false
        loop.setDeadline(loop.now &+ asking.request.patience.answer, for: id)
        loop.takeTurnLater(id)
    }

    /// Nobody waits for the rest of the answer.
    func abandon() {
        asking = nil
        close()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        asking = nil
        exchange.abandon()
        held = []
        client.forget(self)
        loop.remove(id)
        transport.close()
    }
}
