import JOSE
import Testing
import Time

@testable import Access

@Suite("KeyCache") struct KeyCacheTests {
    private func at(_ seconds: Int64) -> Instant { Instant(seconds: TokenWorld.now.seconds + seconds) }

    @Test("our own pools are known without a fetch, and their generation follows the keys")
    func own() {
        var cache = KeyCache()
        var issuer = Issuer()
        let url = "http://127.0.0.1:8787/us-east-1_Understudy/.well-known/openid-configuration"
        #expect(cache.generation(of: url, issuer, now: at(0)) == nil)
        guard case .known(let name, let keys, let generation) = cache.lookup(url, issuer, now: at(0)) else {
            Issue.record("not known")
            return
        }
        #expect(name == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(keys.keys.count == 2)
        #expect(cache.generation(of: url, issuer, now: at(0)) == generation)
        #expect(cache.generation(of: nil, issuer, now: at(0)) == generation)
        #expect(cache.search(url, now: at(0)) == nil)
        let other = issuer
        issuer.rotate()
        #expect(cache.generation(of: url, issuer, now: at(0)) == nil)
        _ = cache.lookup(url, issuer, now: at(0))
        #expect(cache.generation(of: url, issuer, now: at(0)) != generation)
        #expect(cache.generation(of: url, other, now: at(0)) == generation)
    }

    @Test("two discovery URLs with the same key set learn it from one fetch")
    func shared() {
        var cache = KeyCache()
        let other = "http://localhost:9999/other/.well-known/openid-configuration"
        for url in [TokenWorld.discoveryURL, other] {
            _ = cache.lookup(url, Issuer(), now: at(0))
            cache.learn(url: url, content: TokenWorld.discovery, now: at(0))
        }
        cache.learn(url: TokenWorld.keySetURL, content: TokenWorld.keySet, now: at(0))
        for url in [TokenWorld.discoveryURL, other] {
            guard case .known = cache.lookup(url, Issuer(), now: at(0)) else {
                Issue.record("not known: \(url)")
                continue
            }
        }
    }

    @Test("a document that nobody asked for changes nothing")
    func unasked() {
        var cache = KeyCache()
        cache.learn(url: TokenWorld.discoveryURL, content: TokenWorld.discovery, now: at(0))
        cache.fail(url: "http://localhost/x", reason: "refused", now: at(0))
        guard case .needs(TokenWorld.discoveryURL) = cache.lookup(TokenWorld.discoveryURL, Issuer(), now: at(0)) else {
            Issue.record("learnt without asking")
            return
        }
    }

    @Test("an issuer's name is known, or taken from the discovery URL")
    func names() {
        var cache = KeyCache()
        #expect(cache.issuerName(of: "https://i/t/.well-known/openid-configuration") == "https://i/t")
        #expect(cache.issuerName(of: "https://i/.well-known/oauth-authorization-server/t") == "https://i/t")
        #expect(cache.issuerName(of: "https://i/strange") == "https://i/strange")
        _ = cache.lookup(TokenWorld.discoveryURL, Issuer(), now: at(0))
        cache.learn(
            url: TokenWorld.discoveryURL, content: Array(#"{"issuer":"urn:i","jwks_uri":"u"}"#.utf8), now: at(0))
        #expect(cache.issuerName(of: TokenWorld.discoveryURL) == "urn:i")
    }
}
