import Bytes
import Crypto
import Testing

@Suite("DigestContext") struct DigestContextTests {
    let bytes = (0..<200).map { UInt8($0) }

    @Test("pieces give the digest of the whole, split at every point")
    func pieces() {
        let whole = SHA256.hash(bytes)
        let context = DigestContext(.sha256)
        for split in 0...bytes.count {
            context.update(Array(bytes[..<split]))
            context.update(Array(bytes[split...]))
            #expect(context.finish() == whole, "split at \(split)")
        }
    }

    @Test("a digest leaves the context ready for the next, and a restart forgets")
    func reuse() {
        let context = DigestContext(.sha512)
        context.update(bytes)
        _ = context.finish()
        #expect(context.finish() == Digest.sha512.hash([]))
        context.update(bytes)
        context.restart()
        #expect(context.finish() == Digest.sha512.hash([]))
    }

    @Test("a digest in digits is the digest's digits", arguments: Digest.allCases)
    func inHex(digest: Digest) {
        let context = DigestContext(digest)
        context.update(bytes)
        #expect(context.finishInHex() == Array(Hex.encode(digest.hash(bytes)).utf8))
        #expect(context.finish() == digest.hash([]))
    }

    @Test("finishing into bytes of any length replaces them", arguments: [0, 5, 32, 99])
    func into(count: Int) {
        var digest = [UInt8](repeating: 0xEE, count: count)
        let context = DigestContext(.sha256)
        context.update(bytes)
        context.finish(into: &digest)
        #expect(digest == SHA256.hash(bytes))
    }
}
