import Crypto
import Testing

@Suite("PublicKeyAlgorithm") struct PublicKeyAlgorithmTests {
    @Test("each kind of key fits its own algorithms and no other")
    func fits() throws {
        let fitting = try ["rsa", "p256", "p384", "p521", "ed25519", "ed448"].map { kid in
            let key = try Keys.make(kid)
            return Keys.algorithms.filter { key.fits($0) }
        }
        #expect(Set(fitting[0]).count == 6)
        #expect(fitting[1] == [.ecdsa(.sha256)])
        #expect(fitting[2] == [.ecdsa(.sha384)])
        #expect(fitting[3] == [.ecdsa(.sha512)])
        #expect(fitting[4] == [.ed25519])
        #expect(fitting[5] == [.ed448])
    }
}
