import Bytes
import JSON
import Support
import Testing

@testable import JOSE

@Suite("JWK") struct JWKTests {
    private let rsa = TokenFixtures.key("rsa")
    private var p256: String {
        let key = TokenFixtures.key("p256")
        return #""kty":"EC","crv":"P-256","x":"\#(key.x!)","y":"\#(key.y!)""#
    }

    private func key(_ members: String) throws -> JWK { try JWK(try JSON.Value.parse("{\(members)}")) }

    private func reason(_ members: String) -> String? {
        do {
            _ = try key(members)
            return nil
        } catch { return "\(error)" }
    }

    @Test(
        "the fixtures' keys fit their algorithms",
        arguments: [
            ("rsa", [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]), ("p256", [.es256]), ("p384", [.es384]),
            ("p521", [.es512]), ("ed25519", [.edDSA, .ed25519]), ("ed448", [.edDSA, .ed448]),
        ] as [(String, [Algorithm])])
    func fits(id: String, algorithms: [Algorithm]) throws {
        let set = try JWKSet(TokenFixtures.bytes("keys.json"))
        let key = try #require(set.keys.first { $0.id == id })
        #expect(Algorithm.allCases.filter { key.fits($0) } == algorithms)
    }

    @Test("a key's own alg narrows what it fits")
    func ownAlgorithm() throws {
        let key = try key(#""kty":"RSA","n":"\#(rsa.n!)","e":"AQAB","alg":"PS384""#)
        #expect(Algorithm.allCases.filter { key.fits($0) } == [.ps384])
    }

    @Test("an alg that is not for the key's kty and crv, or that does not sign, makes it unusable")
    func wrongAlgorithm() {
        #expect(reason(#"\#(p256),"alg":"ES512""#) == "its alg ES512 is not for its kty and crv")
        #expect(reason(#"\#(p256),"alg":"RS256""#) == "its alg RS256 is not for its kty and crv")
        #expect(reason(#"\#(p256),"alg":"HS256""#) == "its alg HS256 is not for its kty and crv")
        for name in ["ES521", "ECDH-ES", "none", "", "es256"] {
            #expect(reason(#"\#(p256),"alg":"\#(name)""#) == "its alg is none that signs")
        }
    }

    @Test("a key for encryption does not verify")
    func purpose() {
        #expect(reason(#"\#(p256),"use":"enc""#) == "its use is not sig")
        #expect(reason(#"\#(p256),"use":"sig""#) == nil)
        #expect(reason(#"\#(p256),"use":7"#) == "its use is a number")
        #expect(reason(#"\#(p256),"key_ops":["encrypt","sign"]"#) == "its key_ops have no verify")
        #expect(reason(#"\#(p256),"key_ops":"verify""#) == "its key_ops have no verify")
        #expect(reason(#"\#(p256),"key_ops":["sign","verify"]"#) == nil)
    }

    @Test("whatever is missing, misspelt or of another type has its reason")
    func malformed() {
        #expect(reason(#""crv":"P-256""#) == "it has no kty")
        #expect(reason(#""kty":"rsa""#) == "its kty is unknown")
        #expect(reason(#""kty":["RSA"]"#) == "its kty is an array")
        #expect(reason(#""kty":"RSA","e":"AQAB""#) == "its n is not base64url")
        #expect(reason(#""kty":"RSA","n":"a b","e":"AQAB""#) == "its n is not base64url")
        #expect(reason(#""kty":"RSA","n":"AQAB","e":"AQAB""#) == "its numbers are no key: modulusTooShort(bits: 17)")
        #expect(reason(#""kty":"RSA","n":"\#(rsa.n!)","e":"AQ""#) == "its numbers are no key: exponentRefused")
        #expect(reason(#""kty":"EC","crv":"P-192","x":"AA","y":"AA""#) == "its crv is unknown")
        #expect(reason(#""kty":"EC","crv":"P-256","x":"AA","y":"AA""#) == "its numbers are no key: coordinateLength")
        #expect(reason(#""kty":"OKP","crv":"X25519","x":"AA""#) == "its crv does not sign")
        #expect(reason(#"\#(p256),"kid":1"#) == "its kid is a number")
        #expect(throws: JWK.Unusable.self) { try JWK(.string("key")) }
    }

    @Test("a secret shorter than the hash does not fit")
    func secrets() throws {
        let secret = Base64.url.encode([UInt8](repeating: 7, count: 48))
        let key = try key(#""kty":"oct","k":"\#(secret)""#)
        #expect(Algorithm.allCases.filter { key.fits($0) } == [.hs256, .hs384])
        #expect(key.isSecret)
        #expect(try self.key(#""kty":"oct","k":"""#).fits(.hs256) == false)
    }

    @Test("private members are ignored: the key is the same without them")
    func privateMembers() throws {
        let key = try key(#"\#(p256),"d":"AAAA","oth":[]"#)
        #expect(key.fits(.es256))
        var text = ""
        dump(key, to: &text)
        #expect(!text.contains("AAAA"))
    }
}
