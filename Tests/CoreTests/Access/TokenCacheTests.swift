import Library
import Testing
import Time

@testable import Access

@Suite("TokenCache") struct TokenCacheTests {
    private let grant = Grant(scheme: "jwt", principal: "anna")
    private let authorizer = JWTAuthorizer(discoveryUrl: "u")

    private func token(_ number: Int) -> ArraySlice<UInt8> { Array("a.b.signature-\(number)".utf8)[...] }

    @Test("found only with the same authorizer, the same keys and within its validity")
    func found() {
        var cache = TokenCache()
        cache.remember(token(1), grant, by: authorizer, generation: 3, space: nil, validity: 10...20)
        func find(_ authorizer: JWTAuthorizer?, _ generation: Int, _ now: Int64) -> Grant? {
            cache.grant(for: token(1), authorizer, generation: generation, space: "a", now: Instant(nanoseconds: now))
        }
        #expect(find(authorizer, 3, 10) == grant)
        #expect(find(authorizer, 3, 20) == grant)
        #expect(find(authorizer, 3, 21) == nil)
        #expect(find(authorizer, 3, 9) == nil)
        #expect(find(authorizer, 4, 15) == nil)
        #expect(find(nil, 3, 15) == nil)
        var other = authorizer
        other.allowedScopes = ["s"]
        #expect(find(other, 3, 15) == nil)
        #expect(cache.grant(for: token(2), authorizer, generation: 3, space: "a", now: Instant(nanoseconds: 15)) == nil)
    }

    @Test("a token of one space's issuer is remembered for that space alone")
    func spaces() {
        var cache = TokenCache()
        cache.remember(token(1), grant, by: nil, generation: 0, space: "a", validity: 0...9)
        let now = Instant(nanoseconds: 1)
        #expect(cache.grant(for: token(1), nil, generation: 0, space: "a", now: now) == grant)
        #expect(cache.grant(for: token(1), nil, generation: 0, space: "b", now: now) == nil)
    }

    @Test("a token with the same end is another token")
    func sameEnd() {
        var cache = TokenCache()
        let end = String(repeating: "e", count: 40)
        cache.remember(Array("one\(end)".utf8)[...], grant, by: nil, generation: 0, space: nil, validity: 0...9)
        #expect(
            cache.grant(for: Array("two\(end)".utf8)[...], nil, generation: 0, space: "a", now: Instant(nanoseconds: 1))
                == nil)
        #expect(
            cache.grant(for: Array("one\(end)".utf8)[...], nil, generation: 0, space: "a", now: Instant(nanoseconds: 1))
                == grant)
    }

    @Test("it never holds more than its limit, and the oldest goes first")
    func bounded() {
        var cache = TokenCache()
        let now = Instant(nanoseconds: 1)
        for number in 0..<(TokenCache.limit + 100) {
            cache.remember(token(number), grant, by: nil, generation: 0, space: nil, validity: 0...9)
        }
        #expect(cache.count == TokenCache.limit)
        #expect(cache.grant(for: token(99), nil, generation: 0, space: "a", now: now) == nil)
        #expect(cache.grant(for: token(100), nil, generation: 0, space: "a", now: now) == grant)
        #expect(cache.grant(for: token(TokenCache.limit + 99), nil, generation: 0, space: "a", now: now) == grant)
    }

    @Test("one token at many agents is remembered for the latest of them")
    func manyAgents() {
        var cache = TokenCache()
        let agents = (0..<20).map { JWTAuthorizer(discoveryUrl: "\($0)") }
        for agent in agents + agents.suffix(3) {
            cache.remember(token(1), grant, by: agent, generation: 0, space: nil, validity: 0...9)
        }
        let found = agents.filter {
            cache.grant(for: token(1), $0, generation: 0, space: "a", now: Instant(nanoseconds: 1)) != nil
        }
        #expect(found.map(\.discoveryUrl) == (4..<20).map(String.init))
        #expect(cache.count == 1)
    }
}
