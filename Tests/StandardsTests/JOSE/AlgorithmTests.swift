import Testing

@testable import JOSE

@Suite("Algorithm") struct AlgorithmTests {
    @Test("no spelling of none is an algorithm", arguments: ["none", "None", "nOnE", "NONE", "", " ", "none\0"])
    func none(name: String) {
        #expect(Algorithm(rawValue: name) == nil)
    }

    @Test("names are taken as they are written", arguments: ["rs256", "RS256 ", "Rs256", "eddsa", "ES521", "RSA1_5"])
    func exact(name: String) {
        #expect(Algorithm(rawValue: name) == nil)
    }

    @Test("keys that are published never mean a shared secret")
    func withPublicKeys() {
        #expect(Algorithm.withPublicKeys.count == 12)
        #expect(Algorithm.withPublicKeys.allSatisfy { $0.secretDigest == nil })
        #expect(Algorithm.allCases.filter { $0.secretDigest != nil } == [.hs256, .hs384, .hs512])
    }

    @Test("EdDSA follows the key's curve, Ed25519 and Ed448 name theirs")
    func edwards() {
        #expect(Algorithm.edDSA.primitive(for: .ed25519) == .ed25519)
        #expect(Algorithm.edDSA.primitive(for: .ed448) == .ed448)
        #expect(Algorithm.ed25519.primitive(for: .ed448) == .ed25519)
        #expect(Algorithm.hs256.primitive(for: .rsa(bits: 2_048)) == nil)
    }
}
