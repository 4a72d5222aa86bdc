import Bytes
import Crypto
import Testing

@Suite("Digest") struct DigestTests {
    // FIPS 180-4, the examples of NIST's "Secure Hashing" page.
    @Test(
        "the published digests of \"abc\" and of nothing",
        arguments: [
            (Digest.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (
                .sha384, "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                .sha512, "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ])
    func published(digest: Digest, text: String, expected: String) {
        #expect(Hex.encode(digest.hash(Array(text.utf8))) == expected)
    }

    @Test("a digest is as long as it says", arguments: Digest.allCases)
    func length(digest: Digest) {
        #expect(digest.hash([1]).count == digest.length)
    }

    @Test("many threads may hash at once")
    func concurrently() async {
        let expected = Digest.sha256.hash(Array(repeating: 7, count: 1_000))
        let agreed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { _ in Digest.sha256.hash(Array(repeating: 7, count: 1_000)) == expected }
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(agreed)
    }
}
