/// The `clientToken`s of requests that were obeyed: the same request, sent again because its answer was lost, is answered
/// again and stops no newer session. Callers choose them, so what is kept is bounded: the last so many are known.
package struct StopTokens: Sendable {
    package static let most = 10_000
    private var young: [String: Sessions.Key] = [:]
    private var old: [String: Sessions.Key] = [:]

    package init() {}

    package func key(of token: String) -> Sessions.Key? { young[token] ?? old[token] }

    package mutating func remember(_ token: String, of key: Sessions.Key) {
        if young.count >= Self.most { (old, young) = (young, [:]) }
        young[token] = key
    }
}
