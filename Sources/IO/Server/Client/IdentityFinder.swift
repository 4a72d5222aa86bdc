import EventLoop
import Forwarding
import HTTPWire

/// Finds the credentials that calls are passed on with, on the loop: files are read at once, a process and an endpoint are
/// waited for together by whoever asks.
final class IdentityFinder: Watcher {
    private let client: HTTPClient
    private let settings: IdentitySettings
    private let learn: (Identity.Knowledge) -> Void
    private var waiters: [WatchID] = []
    private var isSearching = false
    private var command: RunningCommand?
    private var fetch: Fetch?
    private static let patience: Int64 = 30_000_000_000

    init(client: HTTPClient, settings: IdentitySettings, learn: @escaping (Identity.Knowledge) -> Void) {
        self.client = client
        self.settings = settings
        self.learn = learn
    }

    /// `waiter` gets a turn when it is known what came of it.
    func find(for waiter: WatchID) {
        waiters.append(waiter)
        guard !isSearching else { return }
        isSearching = true
        let environment = settings.environment
        let search = IdentitySearch(
            environment: environment, profile: settings.profile,
            credentials: settings.read(IdentitySearch.credentialsPath(environment)),
            config: settings.read(IdentitySearch.configPath(environment)))
        switch search.finding {
        case .found(let identity): finish(.known(identity))
        case .missing(let why): finish(.missing(why: why))
        case .process(let words, let region): run(words, region)
        case .endpoint(let url, let authorization, let region): ask(url, authorization, region)
        case .endpointWithFile(let url, let file, let region):
            let token = String(decoding: settings.read(file), as: UTF8.self)
            ask(url, String(token.filter { $0 != "\n" && $0 != "\r" }), region)
        }
    }

    private func run(_ words: [String], _ region: String?) {
        command = RunningCommand(words, loop: client.loop, patience: Self.patience) { [unowned self] result in
            command = nil
            switch result {
            case .success(let output):
                read(output, region, from: "credential_process \(words[0])")
            case .failure(let failure): finish(.missing(why: "credential_process \(words[0]) \(failure.reason)"))
            }
        }
    }

    private func ask(_ url: String, _ authorization: String?, _ region: String?) {
        let fetch = Fetch(client.loop) { [unowned self] _, content in
            self.fetch = nil
            switch content {
            case .success(let document): read(document, region, from: "the endpoint \(url)")
            case .failure(let failure): finish(.missing(why: "the endpoint \(url): \(failure.reason)"))
            }
        }
        self.fetch = fetch
        fetch.begin(url, with: client, timeout: Self.patience, authorization: authorization)
    }

    private func read(_ document: [UInt8], _ region: String?, from source: String) {
        guard let identity = IdentitySearch.identity(document, region: region) else {
            return finish(.missing(why: "\(source) did not answer with an AccessKeyId and a SecretAccessKey"))
        }
        finish(.known(identity))
    }

    private func finish(_ knowledge: Identity.Knowledge) {
        isSearching = false
        learn(knowledge)
        let told = waiters
        waiters = []
        for waiter in told { client.loop.takeTurnLater(waiter) }
    }
}

/// Where real credentials are looked for.
package struct IdentitySettings: Sendable {
    package var environment: [String: String] = [:]
    package var profile: String?
    /// What stands in a file; nothing for one that cannot be read.
    package var read: @Sendable (String) -> [UInt8] = { _ in [] }

    package init() {}
}
