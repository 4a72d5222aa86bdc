import Bytes
import Crypto
import Testing

@testable import SigV4

@Suite("SigningKeyCache") struct SigningKeyCacheTests {
    static func entry(_ credential: String, secret: String = "s") -> SigningKeyCache.Entry {
        SigningKeyCache.Entry(
            credential: Array(credential.utf8), accessKeyId: credential, region: "r", secret: secret,
            key: HMAC(.sha256, key: []))
    }

    static func find(_ credential: String, in cache: SigningKeyCache) -> SigningKeyCache.Entry? {
        let bytes = Array("<\(credential)>".utf8)
        return cache.entry(for: 1..<(bytes.count - 1), of: bytes)
    }

    @Test("found by the very bytes, replaced by the same")
    func finding() {
        var cache = SigningKeyCache()
        cache.insert(Self.entry("a/1"))
        cache.insert(Self.entry("a/2"))
        cache.insert(Self.entry("a/1", secret: "t"))
        #expect(Self.find("a/1", in: cache)?.secret == "t")
        #expect(Self.find("a/2", in: cache)?.secret == "s")
        #expect(Self.find("a/3", in: cache) == nil)
        #expect(Self.find("", in: cache) == nil)
        #expect(cache.entries.count == 2)
    }

    @Test("bounded: the oldest make room")
    func bounded() {
        var cache = SigningKeyCache()
        for number in 0..<(SigningKeyCache.capacity + 2) { cache.insert(Self.entry("\(number)")) }
        #expect(cache.entries.count == SigningKeyCache.capacity)
        #expect(Self.find("1", in: cache) == nil)
        #expect(Self.find("2", in: cache) != nil)
        #expect(Self.find("65", in: cache) != nil)
    }
}
