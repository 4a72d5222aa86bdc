import Bytes
import Crypto
import Testing

@Suite("HMAC") struct HMACTests {
    struct Published: CustomTestStringConvertible, Sendable {
        let name: String
        let key: [UInt8]
        let data: [UInt8]
        let codes: [Digest: String]
        var testDescription: String { name }
    }

    // RFC 4231 section 4.
    static let cases = [
        Published(
            name: "4.2", key: Array(repeating: 0x0B, count: 20), data: Array("Hi There".utf8),
            codes: [
                .sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                .sha384: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
                    + "faea9ea9076ede7f4af152e8b2fa9cb6",
                .sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                    + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ]),
        Published(
            name: "4.3", key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
            codes: [
                .sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                .sha384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                    + "8e2240ca5e69e2c78b3239ecfab21649",
                .sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                    + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ]),
        Published(
            name: "4.7, a key longer than a block", key: Array(repeating: 0xAA, count: 131),
            data: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            codes: [
                .sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                .sha384: "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
                    + "0c2ef6ab4030fe8296248df163f44952",
                .sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                    + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ]),
    ]

    @Test("RFC 4231", arguments: cases)
    func published(example: Published) {
        for (digest, code) in example.codes {
            #expect(Hex.encode(HMAC(digest, key: example.key).code(for: example.data)) == code)
        }
        #expect(HMAC.sha256(key: example.key, message: example.data).count == 32)
        #expect(Hex.encode(HMAC.sha384(key: example.key, message: example.data)) == example.codes[.sha384])
        #expect(Hex.encode(HMAC.sha512(key: example.key, message: example.data)) == example.codes[.sha512])
    }

    @Test("a context left dirty does not reach the next code")
    func dirtyContext() {
        let context = DigestContext(.sha256)
        context.update([1, 2, 3])
        var code: [UInt8] = []
        HMAC(.sha256, key: [9]).write(codeFor: [4], into: &code, using: context)
        #expect(code == HMAC.sha256(key: [9], message: [4]))
    }

    @Test("no key and no message are a key and a message")
    func empty() {
        let expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hex.encode(HMAC.sha256(key: [], message: [])) == expected)
    }

    @Test("the key stays out of descriptions and dumps")
    func secret() {
        let key = HMAC(.sha256, key: Array("secret".utf8))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("69")) }
        #expect("\(key)" == "HMAC key (sha256)")
    }
}
