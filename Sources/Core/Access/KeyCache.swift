import Bytes
import Crypto
import HTTPWire
import JOSE
import Time

/// The keys of every issuer that agents are configured for, by discovery URL. It has no sockets: it says which document
/// it needs, and is told what came of fetching it.
///
/// - Documents age by real time: their owners know nothing of a clock that a test has moved.
/// - A document is good for an hour. When it cannot be fetched again, the old one stays in use: an outage of the
///   identity provider must not turn away callers whose tokens are fine.
/// - A failure is remembered for ten seconds, so that a provider that is down is not asked with every call.
/// - A key id that is not in the set is looked for once a minute and URL at most, whatever the ids: random ids cost no
///   memory and no traffic.
/// - Calls that arrive while a document is under way need the same URL; whoever fetches does it once for all of them.
package struct KeyCache: Sendable {
    package enum Lookup: Sendable {
        case known(issuer: String, keys: JWKSet, generation: Int)
        case needs(url: String)
        case failed(String)
    }

    /// The key sets that our own issuer can publish, each read when it is first asked for.
    private var ownKeys: [JWKSet?] = Array(repeating: nil, count: Issuer.keySetCount)
    private var entries: [String: KeyCacheEntry] = [:]

    package init() {}

    /// What is known of the issuer behind `discoveryURL`, when our own pools sign as `issuer`.
    package mutating func lookup(_ discoveryURL: String, _ issuer: Issuer, now: Instant) -> Lookup {
        let entry = entries[discoveryURL] ?? KeyCacheEntry(discoveryURL: discoveryURL)
        entries[discoveryURL] = entry
        return entry.ownIssuer.map { lookupOwn(named: $0, issuer) } ?? entry.lookup(now: now)
    }

    /// Every pool of ours has the same keys.
    package mutating func lookupOwn(named name: String, _ issuer: Issuer) -> Lookup {
        let number = issuer.keySetNumber
        let keys = ownKeys[number] ?? (try? JWKSet(issuer.keySet)) ?? JWKSet(keys: [])
        ownKeys[number] = keys
        return .known(issuer: name, keys: keys, generation: number)
    }

    /// Another one when tokens of this issuer have to be verified anew; nil while a lookup would need or refuse
    /// something. Without a URL it is about our own pools.
    package func generation(of discoveryURL: String?, _ issuer: Issuer, now: Instant) -> Int? {
        let number = issuer.keySetNumber
        let own = ownKeys[number] == nil ? nil : number
        guard let discoveryURL else { return own }
        guard let entry = entries[discoveryURL] else { return nil }
        if entry.ownIssuer != nil { return own }
        return entry.isUsable(now: now) ? entry.generation : nil
    }

    /// The key set's URL when a key id that is not in it may be looked for once more; nil when that was done within
    /// the last minute, or the keys are our own.
    package mutating func search(_ discoveryURL: String, now: Instant) -> String? {
        entries[discoveryURL]?.search(now: now)
    }

    /// A document arrived.
    package mutating func learn(url: String, content: [UInt8], now: Instant) {
        for discoveryURL in entries.keys {
            entries[discoveryURL]?.learn(url: url, content: content, now: now)
        }
    }

    /// A document could not be had.
    package mutating func fail(url: String, reason: String, now: Instant) {
        for discoveryURL in entries.keys { entries[discoveryURL]?.fail(url: url, reason: reason, now: now) }
    }

    /// What is known, or else assumed, of the issuer's name: the discovery URL without its well-known part.
    package func issuerName(of discoveryURL: String) -> String {
        entries[discoveryURL]?.issuerName ?? KeyCacheEntry(discoveryURL: discoveryURL).issuerName
    }
}

/// Which documents may be fetched at all: what a discovery document says must not send the server anywhere it likes.
package enum DocumentURL {
    /// Why `url` is not fetched; nil when it may be.
    package static func refusal(of url: String) -> String? {
        guard url.utf8.count <= 2_048 else { return "the URL is longer than 2,048 bytes" }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "the URL has characters that no URL has" }
        if url.hasPrefix(Scheme.https.prefix) { return "https discovery needs the TLS support that is not there yet" }
        guard url.hasPrefix(Scheme.http.prefix) else { return "it is no http URL" }
        let uri = HTTPURI(url)
        guard uri?.hasUserinfo != true else { return "the URL holds a user name" }
        guard !url.utf8.contains(UInt8(ascii: "#")) else { return "the URL has a fragment" }
        guard let uri, uri.writtenPort != "" else { return "the URL has no valid host and port" }
        let host = uri.host.lowercased()
        guard isLoopback(uri, host) else {
            return "http is for loopback hosts only, and \(host.contains(":") ? "[\(host)]" : host) is none"
        }
        return nil
    }

    private static func isLoopback(_ uri: HTTPURI, _ host: String) -> Bool {
        if uri.isLocalhost || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { ASCII.decimal($0.utf8) }
        return numbers.count == 4 && numbers[0] == 127 && numbers.allSatisfy { (0...255).contains($0 ?? -1) }
    }
}
