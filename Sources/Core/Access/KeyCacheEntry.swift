import Crypto
import JOSE
import Time

/// What the key cache keeps for one discovery URL.
struct KeyCacheEntry: Sendable {
    let discoveryURL: String
    /// The issuer, when it is a pool of ours: then nothing is ever fetched.
    let ownIssuer: String?
    private let refusal: String?
    private var discovery = CachedDocument<DiscoveryDocument>()
    /// Why the key set that the discovery document names is not fetched.
    private var keySetRefusal: String?
    private var keys = CachedDocument<JWKSet>()
    private var isSearching = false
    private var searched: Instant?
    private(set) var generation = 0

    /// How long a search for an unknown key id stands for all others.
    static let searchInterval = Duration.seconds(60)

    init(discoveryURL: String) {
        self.discoveryURL = discoveryURL
        ownIssuer = IssuerPools.issuer(ofDiscoveryURL: discoveryURL)
        refusal = DocumentURL.refusal(of: discoveryURL)
    }

    func lookup(now: Instant) -> KeyCache.Lookup {
        if let refusal { return .failed("\(discoveryURL): \(refusal)") }
        switch discovery.state(now: now) {
        case .missing: return .needs(url: discoveryURL)
        case .failed(let reason): return .failed("\(discoveryURL): \(reason)")
        case .usable(let document): return lookup(document, now: now)
        }
    }

    private func lookup(_ document: DiscoveryDocument, now: Instant) -> KeyCache.Lookup {
        if let keySetRefusal {
            return .failed("\(discoveryURL): its jwks_uri \(TokenRefusal.shown(document.keySetURL)): \(keySetRefusal)")
        }
        switch keys.state(now: now) {
        case .missing: return .needs(url: document.keySetURL)
        case .failed(let reason): return .failed("\(document.keySetURL): \(reason)")
        case .usable(let set): return .known(issuer: document.issuer, keys: set, generation: generation)
        }
    }

    func isUsable(now: Instant) -> Bool {
        refusal == nil && keySetRefusal == nil && discovery.isUsable(now: now) && keys.isUsable(now: now)
    }

    mutating func search(now: Instant) -> String? {
        guard ownIssuer == nil, let document = discovery.value else { return nil }
        if isSearching { return document.keySetURL }
        if let searched, CachedDocument<JWKSet>.isWithin(Self.searchInterval, since: searched, now: now) { return nil }
        isSearching = true
        return document.keySetURL
    }

    mutating func learn(url: String, content: [UInt8], now: Instant) {
        if url == discoveryURL {
            let before = discovery.value
            discovery.learn(content, now: now) { bytes throws(Unreadable) in
                do { return try DiscoveryDocument(bytes) } catch { throw Unreadable("\(error)") }
            }
            if discovery.value != before {
                generation += 1
                keySetRefusal = discovery.value.flatMap { refusal(ofKeySet: $0.keySetURL) }
                if discovery.value?.keySetURL != before?.keySetURL { keys = CachedDocument() }
            }
        } else if url == discovery.value?.keySetURL {
            endSearch(now: now)
            let isNew = keys.learn(content, now: now) { bytes throws(Unreadable) in try Self.keySet(bytes) }
            if isNew { generation += 1 }
        }
    }

    private func refusal(ofKeySet url: String) -> String? {
        url == discoveryURL ? "that is the discovery document itself" : DocumentURL.refusal(of: url)
    }

    mutating func fail(url: String, reason: String, now: Instant) {
        if url == discoveryURL {
            discovery.fail(reason, now: now)
        } else if url == discovery.value?.keySetURL {
            endSearch(now: now)
            keys.fail(reason, now: now)
        }
    }

    var issuerName: String {
        if let issuer = ownIssuer ?? discovery.value?.issuer { return issuer }
        // RFC 8414 3.1 puts the well-known part in the middle, OpenID Connect at the end.
        for name in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            // Not `firstRange(of:)`: it links the library of regular expressions, a megabyte of every idle server.
            let places = discoveryURL.utf8.indices
            if let place = places.first(where: { discoveryURL.utf8[$0...].starts(with: name.utf8) }) {
                let end = discoveryURL.utf8.index(place, offsetBy: name.utf8.count)
                return String(discoveryURL[..<place] + discoveryURL[end...])
            }
        }
        return discoveryURL
    }

    private mutating func endSearch(now: Instant) {
        if isSearching { searched = now }
        isSearching = false
    }

    private static func keySet(_ bytes: [UInt8]) throws(Unreadable) -> JWKSet {
        let set: JWKSet
        do { set = try JWKSet(bytes) } catch { throw Unreadable("\(error)") }
        guard !set.keys.isEmpty else {
            let reasons = set.unusable.prefix(3).map(\.description).joined(separator: "; ")
            throw Unreadable("the key set has no usable key\(reasons.isEmpty ? "" : " (\(reasons))")")
        }
        return set
    }
}

/// Why a document that arrived is not what it should be.
struct Unreadable: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A fetched document, how fresh it is, and how the last attempt to fetch it again ended.
struct CachedDocument<Content: Sendable>: Sendable {
    enum State {
        case missing
        case usable(Content)
        case failed(String)
    }

    private(set) var value: Content?
    private var digest: [UInt8] = []
    private var fetched: Instant?
    private var failure: String?
    private var failed: Instant?

    static var lifetime: Duration { .seconds(3_600) }
    static var failureLifetime: Duration { .seconds(10) }
    static var sizeLimit: Int { 1_048_576 }

    func state(now: Instant) -> State {
        if let value, isUsable(now: now) { return .usable(value) }
        if let failure, hasJustFailed(now: now) { return .failed(failure) }
        return .missing
    }

    /// Asked for with every call that brings a token; `state` would copy the document.
    func isUsable(now: Instant) -> Bool {
        guard value != nil, let fetched else { return false }
        return hasJustFailed(now: now) || Self.isWithin(Self.lifetime, since: fetched, now: now)
    }

    private func hasJustFailed(now: Instant) -> Bool {
        guard let failed else { return false }
        return Self.isWithin(Self.failureLifetime, since: failed, now: now)
    }

    /// Whether the content is another than before.
    @discardableResult
    mutating func learn(
        _ bytes: [UInt8], now: Instant, read: ([UInt8]) throws(Unreadable) -> Content
    ) -> Bool {
        guard bytes.count <= Self.sizeLimit else {
            fail("the document has more than \(Self.sizeLimit) bytes", now: now)
            return false
        }
        do {
            let content = try read(bytes)
            let digest = SHA256.hash(bytes)
            defer { self.digest = digest }
            (value, fetched, failure, failed) = (content, now, nil, nil)
            return digest != self.digest
        } catch {
            fail(error.reason, now: now)
            return false
        }
    }

    mutating func fail(_ reason: String, now: Instant) { (failure, failed) = (reason, now) }

    /// A clock that was set back makes everything old rather than young for ever.
    static func isWithin(_ duration: Duration, since start: Instant, now: Instant) -> Bool {
        let (elapsed, overflow) = now.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        return !overflow && elapsed >= 0 && elapsed < duration.nanoseconds
    }
}
