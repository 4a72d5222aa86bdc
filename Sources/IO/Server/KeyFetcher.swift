import Access
import EventLoop
import HTTPWire

/// Fetches the documents that verdicts need. Whoever asks for a document that is on its way waits with the others.
final class KeyFetcher {
    private let client: HTTPClient
    private let timeout: Int64
    private let learn: (_ url: String, _ content: Result<[UInt8], FetchFailure>) -> Void
    private var fetches: [String: Fetch] = [:]

    init(
        client: HTTPClient, timeout: Int64,
        learn: @escaping (_ url: String, _ content: Result<[UInt8], FetchFailure>) -> Void
    ) {
        self.client = client
        self.timeout = timeout
        self.learn = learn
    }

    /// `waiter` gets a turn when it is known what came of it, in any case.
    func fetch(_ url: String, for waiter: WatchID) {
        if let fetch = fetches[url] { return fetch.waiters.append(waiter) }
        let fetch = Fetch(client.loop) { [unowned self] fetch, content in
            fetches[url] = nil
            finish(url, content, waiters: fetch.waiters)
        }
        fetch.waiters.append(waiter)
        fetches[url] = fetch
        fetch.begin(url, with: client, timeout: timeout)
    }

    private func finish(_ url: String, _ content: Result<[UInt8], FetchFailure>, waiters: [WatchID]) {
        learn(url, content)
        for waiter in waiters { client.loop.takeTurnLater(waiter) }
    }
}

/// One GET, whole and within a time.
final class Fetch: Watcher, AnswerTaker {
    typealias Finished = (Fetch, Result<[UInt8], FetchFailure>) -> Void

    var waiters: [WatchID] = []
    private let loop: Loop
    private var id = WatchID.none
    private var asking: Asking?
    private var content: [UInt8] = []
    private var finished: Finished?
    static let most = 1_048_576

    init(_ loop: Loop, finished: @escaping Finished) {
        self.loop = loop
        self.finished = finished
    }

    func begin(_ url: String, with client: HTTPClient, timeout: Int64, authorization: String? = nil) {
        guard let place = HTTPURI(url), !place.hasUserinfo, place.writtenPort != "",
            let id = try? loop.add(self)
        else { return finish(.failure(FetchFailure(reason: "the URL cannot be asked for"))) }
        self.id = id
        loop.setDeadline(loop.now &+ timeout, for: id)
        var fields = FieldBlock()
        fields.add("Accept", "application/json")
        if let authorization { fields.add("Authorization", authorization) }
        var request = AskedRequest(
            url: place, method: Array("GET".utf8), target: Array(place.target.utf8), fields: fields)
        request.limits.body = Self.most
        asking = client.ask(request, for: self)
        if finished == nil { asking = nil }
    }

    func connected() {}

    func take(_ part: ClientExchange.Part) -> Bool {
        if let status = part.head?.status, status != 200 {
            finish(.failure(FetchFailure(reason: "the answer's status is \(status)")))
            return false
        }
        content += part.content
        if content.count > Self.most {
            finish(.failure(FetchFailure(reason: "The body is longer than \(Self.most) bytes.")))
        } else if part.ending != nil {
            finish(.success(content))
        }
        return true
    }

    func failed(_ failure: ClientExchange.Failure) { finish(.failure(FetchFailure(reason: failure.reason))) }

    func deadlinePassed() { finish(.failure(FetchFailure(reason: "the answer did not come in time"))) }

    private func finish(_ content: Result<[UInt8], FetchFailure>) {
        guard let finished else { return }
        self.finished = nil
        loop.remove(id)
        asking?.cancel()
        asking = nil
        finished(self, content)
    }
}
