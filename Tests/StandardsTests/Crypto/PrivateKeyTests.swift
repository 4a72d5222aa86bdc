import Bytes
import Crypto
import Support
import Testing

@Suite("PrivateKey") struct PrivateKeyTests {
    @Test("a key from PKCS #8 or PKCS #1 signs what its public half verifies", arguments: ["pkcs8", "pkcs1"])
    func signs(form: String) throws {
        let key = try #require(PrivateKey(TokenFixtures.bytes("rsa.\(form).pem")))
        let signature = try #require(key.signRS256(Array("message".utf8)))
        #expect(try Keys.make("rsa").verify(signature, of: Array("message".utf8), by: .rsaPKCS1(.sha256)))
    }

    @Test("DER is read as PEM is, and signing is deterministic")
    func der() throws {
        let lines = String(decoding: TokenFixtures.bytes("rsa.pkcs8.pem"), as: UTF8.self).split(separator: "\n")
        let der = try #require(Base64.standard.decode(Array(lines.dropFirst().dropLast().joined().utf8)))
        let key = try #require(PrivateKey(der))
        let other = try #require(PrivateKey(TokenFixtures.bytes("rsa.pkcs1.pem")))
        #expect(key.signRS256([]) == other.signRS256([]))
        #expect(key.signRS256([])?.count == 256)
    }

    @Test("the public components are those that were published")
    func components() throws {
        let key = try #require(PrivateKey(TokenFixtures.bytes("rsa.pkcs8.pem")))
        #expect(key.publicComponents.modulus == Keys.decode(TokenFixtures.key("rsa").n))
        #expect(key.publicComponents.exponent == [1, 0, 1])
    }

    @Test("nothing, noise, half a key, another kind of key and a short key are no key")
    func refused() {
        let pem = TokenFixtures.bytes("rsa.pkcs8.pem")
        #expect(PrivateKey([]) == nil)
        #expect(PrivateKey([UInt8](repeating: 0x30, count: 10_000)) == nil)
        #expect(PrivateKey(Array(pem.prefix(pem.count / 2))) == nil)
        #expect(PrivateKey(Array("-----BEGIN PRIVATE KEY-----\n".utf8)) == nil)
        #expect(PrivateKey(TokenFixtures.bytes("p256.pem")) == nil)
        #expect(PrivateKey(TokenFixtures.bytes("rsa1024.pem")) == nil)
        #expect(PrivateKey(TokenFixtures.bytes("encrypted.pem")) == nil)
    }

    @Test("no description gives the key away")
    func description() throws {
        let key = try #require(PrivateKey(TokenFixtures.bytes("rsa.pkcs8.pem")))
        var text = ""
        dump(key, to: &text)
        #expect(!"\(key) \(String(reflecting: key)) \(text)".contains("MII"))
        #expect("\(key)" == "Crypto.PrivateKey")
    }
}
