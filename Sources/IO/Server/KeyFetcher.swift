import Access
import EventLoop

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
        let fetch = Fetch(loop: loop) { [unowned self] fetch, content in
            fetches[url] = nil
            learn(url, content)
            for waiter in fetch.waiters { loop.takeTurnLater(waiter) }
        }
        fetch.waiters.append(waiter)
        fetches[url] = fetch
        fetch.start(url, timeout: timeout)
    }
}
