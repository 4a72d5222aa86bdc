import Bytes
import Crypto
import Testing

@Suite("SHA1") struct SHA1Tests {
    @Test("FIPS 180's examples")
    func examples() {
        #expect(Hex.encode(SHA1.hash(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Hex.encode(SHA1.hash([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }
}
