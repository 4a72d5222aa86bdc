import Access
import Bytes
import EventLoop
import HTTPWire

/// Fetches the documents that verdicts need. Whoever asks for a document that is on its way waits with the others.
final class KeyFetcher {
    private let loop: Loop
    private let timeout: Int64
    private let learn: (_ url: String, _ content: Result<[UInt8], FetchFailure>) -> Void
    private var fetches: [String: Fetch] = [:]

    init(
        loop: Loop, timeout: Int64, learn: @escaping (_ url: String, _ content: Result<[UInt8], FetchFailure>) -> Void
    ) {
        self.loop = loop
        self.timeout = timeout
        self.learn = learn
    }

    /// `waiter` gets a turn when it is known what came of it, in any case.
    func fetch(_ url: String, for waiter: WatchID) {
        if let fetch = fetches[url] { return fetch.waiters.append(waiter) }
        do throws(FetchFailure) {
            let fetch = try Fetch(url, loop, until: loop.now &+ timeout) { [unowned self] fetch, content in
                fetches[url] = nil
                finish(url, content, waiters: fetch.waiters)
            }
            fetch.waiters.append(waiter)
            fetches[url] = fetch
        } catch {
            finish(url, .failure(error), waiters: [waiter])
        }
    }

    private func finish(_ url: String, _ content: Result<[UInt8], FetchFailure>, waiters: [WatchID]) {
        learn(url, content)
        for waiter in waiters { loop.takeTurnLater(waiter) }
    }
}

/// One GET: the shell of a client's exchange.
private final class Fetch: Shell {
    typealias Finished = (Fetch, Result<[UInt8], FetchFailure>) -> Void

    let loop: Loop
    private(set) var id = WatchID.none
    var waiters: [WatchID] = []
    var transport: Transport
    var exchange: ClientExchange
    var held: [UInt8] = []
    let rules: Void = ()
    private let finished: Finished

    init(_ url: String, _ loop: Loop, until deadline: Int64, finished: @escaping Finished) throws(FetchFailure) {
        guard let place = HTTPURI(url), let address = place.literalAddress else {
            throw FetchFailure(reason: "only http URLs of an IP address or localhost can be fetched")
        }
        var limits = Limits()
        limits.body = 1_048_576
        exchange = ClientExchange(try Self.request(place), limits: limits)
        self.loop = loop
        self.finished = finished
        do throws(SystemError) {
            transport = try Transport(connectingTo: address, port: place.port)
        } catch {
            throw FetchFailure(reason: error.reason)
        }
        do throws(SystemError) {
            id = try loop.add(self, descriptor: transport.descriptor)
        } catch {
            transport.close()
            throw FetchFailure(reason: error.text)
        }
        loop.setDeadline(deadline, for: id)
    }

    private static func request(_ place: HTTPURI) throws(FetchFailure) -> [UInt8] {
        var request: [UInt8] = []
        var fields = FieldBlock()
        fields.add("Accept", "application/json")
        let target = Array(place.target.utf8)
        guard RequestWriter.append(target: target, host: place.authority, fields: fields, to: &request) else {
            throw FetchFailure(reason: "the URL cannot be asked for")
        }
        return request
    }

    func changed(_ events: Events) {
        let maySend = transport.note(events)
        if exchange.isConnecting { return connect() }
        if maySend { note(transport.drain()) }
        readOn()
    }

    private func connect() {
        if let failure = transport.connectionFailure { return broke(failure) }
        obey(exchange.connected(), at: loop.now)
        readOn()
    }

    func obey(_ action: ClientExchange.Action, at now: Int64, rest: UnsafeBufferPointer<UInt8>) {
        switch action {
        case .goOn: break
        case .send(let bytes): note(transport.send(bytes))
        case .deliver(let response) where response.status == 200: finish(.success(response.body))
        case .deliver(let response):
            finish(.failure(FetchFailure(reason: "the answer's status is \(response.status)")))
        case .fail(let reason): finish(.failure(FetchFailure(reason: reason)))
        }
    }

    private func note(_ sent: Transport.Sent) {
        switch sent {
        case .all: obey(exchange.sent(), at: loop.now)
        case .some: break
        case .broken: obey(exchange.failed("the connection broke"), at: loop.now)
        }
    }

    func broke(_ error: SystemError) { obey(exchange.failed(error.reason), at: loop.now) }

    private func finish(_ content: Result<[UInt8], FetchFailure>) {
        loop.remove(id)
        transport.close()
        finished(self, content)
    }
}

extension HTTPURI {
    /// The address to connect to, when it is known without asking: the loop would stand still meanwhile, and the
    /// documents of a local stand-in are local. Nil for other names, and for what needs TLS.
    var literalAddress: String? {
        guard scheme == .http, !hasUserinfo, writtenPort != "" else { return nil }
        if isLocalhost { return "127.0.0.1" }
        // Only what can be an address; the system call has the last word.
        let digits = host.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        return digits || host.utf8.contains(UInt8(ascii: ":")) ? host.lowercased() : nil
    }
}
