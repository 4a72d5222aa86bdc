import Bytes
import Crypto
import Testing

@Suite("SHA256") struct SHA256Tests {
    @Test("two blocks and more, as published")
    func published() {
        let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        let expected = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        #expect(Hex.encode(SHA256.hash(Array(text.utf8))) == expected)
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Hex.encode(SHA256.hash(Array(repeating: UInt8(ascii: "a"), count: 1_000_000).span)) == million)
    }

    @Test("nothing has the digest that every unsigned body shows")
    func nothing() {
        #expect(
            Hex.encode(SHA256.ofNothing) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
