import JOSE
import Support
import Testing
import Time

@testable import Access

@Suite("KeyCacheEntry") struct KeyCacheEntryTests {
    private func at(_ seconds: Int64) -> Instant { Instant(seconds: TokenWorld.now.seconds + seconds) }

    private var fresh: KeyCacheEntry {
        var entry = KeyCacheEntry(discoveryURL: TokenWorld.discoveryURL)
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(0))
        entry.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: at(0))
        return entry
    }

    private func summary(_ lookup: KeyCache.Lookup) -> String {
        switch lookup {
        case .known(_, let keys, _): "known \(keys.keys.count)"
        case .needs(let url): "needs \(url)"
        case .failed(let reason): "failed \(reason)"
        }
    }

    @Test("discovery document, then key set, then an hour of peace")
    func life() {
        var entry = KeyCacheEntry(discoveryURL: TokenWorld.discoveryURL)
        #expect(summary(entry.lookup(now: at(0))) == "needs \(TokenWorld.discoveryURL)")
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(0))
        #expect(summary(entry.lookup(now: at(0))) == "needs \(TokenWorld.keySetURL)")
        entry.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: at(1))
        #expect(summary(entry.lookup(now: at(3_599))) == "known 6")
        #expect(summary(entry.lookup(now: at(3_600))) == "needs \(TokenWorld.discoveryURL)")
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(3_600))
        #expect(summary(entry.lookup(now: at(3_600))) == "known 6")
        #expect(summary(entry.lookup(now: at(3_601))) == "needs \(TokenWorld.keySetURL)")
    }

    @Test("the same documents again are no new generation, others are")
    func generations() {
        var entry = fresh
        let first = entry.generation
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(10))
        entry.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: at(10))
        #expect(entry.generation == first)
        entry.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet + [0x20], now: at(10))
        #expect(entry.generation == first + 1)
    }

    @Test("a failure is remembered for ten seconds")
    func failure() {
        var entry = KeyCacheEntry(discoveryURL: TokenWorld.discoveryURL)
        entry.fail(url: TokenWorld.discoveryURL, reason: "connection refused", now: at(0))
        #expect(summary(entry.lookup(now: at(9))) == "failed \(TokenWorld.discoveryURL): connection refused")
        #expect(summary(entry.lookup(now: at(10))) == "needs \(TokenWorld.discoveryURL)")
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(10))
        entry.fail(url: TokenWorld.keySetURL, reason: "time-out", now: at(10))
        #expect(summary(entry.lookup(now: at(11))) == "failed \(TokenWorld.keySetURL): time-out")
        #expect(summary(entry.lookup(now: at(20))) == "needs \(TokenWorld.keySetURL)")
    }

    @Test("when an old key set cannot be fetched again it stays in use, and the next attempt waits ten seconds")
    func outage() {
        var entry = fresh
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(3_600))
        #expect(summary(entry.lookup(now: at(3_600))) == "needs \(TokenWorld.keySetURL)")
        entry.fail(url: TokenWorld.keySetURL, reason: "connection refused", now: at(3_600))
        #expect(summary(entry.lookup(now: at(3_609))) == "known 6")
        #expect(summary(entry.lookup(now: at(3_610))) == "needs \(TokenWorld.keySetURL)")
        entry.learn(url: TokenWorld.keySetURL, content: Array("<html>".utf8), now: at(3_610))
        #expect(summary(entry.lookup(now: at(3_611))) == "known 6")
    }

    @Test("an unknown key is searched for at once, then once a minute; calls meanwhile join the search")
    func search() {
        var entry = fresh
        #expect(entry.search(now: at(1)) == TokenWorld.keySetURL)
        #expect(entry.search(now: at(2)) == TokenWorld.keySetURL)
        entry.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: at(3))
        #expect(entry.search(now: at(3)) == nil)
        #expect(entry.search(now: at(62)) == nil)
        #expect(entry.search(now: at(63)) == TokenWorld.keySetURL)
        entry.fail(url: TokenWorld.keySetURL, reason: "gone", now: at(64))
        #expect(entry.search(now: at(65)) == nil)
        #expect(summary(entry.lookup(now: at(65))) == "known 6")
    }

    @Test("a flood of unknown keys for an hour costs sixty fetches")
    func flood() {
        var entry = fresh
        var fetches = 0
        for second in 0..<3_600 {
            guard let url = entry.search(now: at(Int64(second))) else { continue }
            fetches += 1
            entry.learn(url: url, content: TokenWorld.keySet, now: at(Int64(second)))
        }
        #expect(fetches == 60)
    }

    @Test("a clock that was set back makes everything old")
    func backwards() {
        var entry = fresh
        #expect(summary(entry.lookup(now: at(-1))) == "needs \(TokenWorld.discoveryURL)")
        entry.fail(url: TokenWorld.discoveryURL, reason: "x", now: at(0))
        #expect(summary(entry.lookup(now: Instant(nanoseconds: .min))) == "needs \(TokenWorld.discoveryURL)")
    }

    @Test("another jwks_uri is another key set")
    func moved() {
        var entry = fresh
        let moved = Array(#"{"issuer":"\#(TokenWorld.issuer)","jwks_uri":"http://localhost:9/k"}"#.utf8)
        entry.learn(url: TokenWorld.discoveryURL, content: moved, now: at(1))
        #expect(summary(entry.lookup(now: at(1))) == "needs http://localhost:9/k")
    }

    @Test(
        "a document of more than a megabyte, a set without usable keys and a URL that is not fetched have their reasons"
    )
    func reasons() {
        var entry = KeyCacheEntry(discoveryURL: TokenWorld.discoveryURL)
        entry.learn(url: TokenWorld.discoveryURL, content: [UInt8](repeating: 0x20, count: 1_048_577), now: at(0))
        #expect(summary(entry.lookup(now: at(0))).contains("more than 1048576 bytes"))
        entry.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(0))
        entry.learn(url: TokenWorld.keySetURL, content: Array(#"{"keys":[{"kty":"EC"}]}"#.utf8), now: at(0))
        #expect(summary(entry.lookup(now: at(0))).hasSuffix("the key set has no usable key (its crv is unknown)"))
        let https = KeyCacheEntry(discoveryURL: "https://i.example/.well-known/openid-configuration")
        #expect(summary(https.lookup(now: at(0))).contains("needs the TLS support that is not there yet"))
        let remote = Array(#"{"issuer":"i","jwks_uri":"http://keys.example/k"}"#.utf8)
        entry.learn(url: TokenWorld.discoveryURL, content: remote, now: at(0))
        #expect(
            summary(entry.lookup(now: at(0))).contains("its jwks_uri 'http://keys.example/k': http is for loopback"))
        let itself = Array(#"{"issuer":"i","jwks_uri":"\#(TokenWorld.discoveryURL)"}"#.utf8)
        entry.learn(url: TokenWorld.discoveryURL, content: itself, now: at(0))
        #expect(
            summary(entry.lookup(now: at(0))).hasSuffix(
                "its jwks_uri '\(TokenWorld.discoveryURL)': that is the discovery document itself"))
    }
}
