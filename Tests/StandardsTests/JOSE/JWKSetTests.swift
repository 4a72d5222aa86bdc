import Bytes
import JSON
import Support
import Testing

@testable import JOSE

@Suite("JWKSet") struct JWKSetTests {
    private func set(_ keys: [String]) throws -> JWKSet {
        try JWKSet(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    private func ec(_ fixture: String, id: String?) -> String {
        let key = TokenFixtures.key(fixture)
        let name = id.map { #","kid":"\#($0)""# } ?? ""
        return #"{"kty":"EC","crv":"\#(key.crv!)","x":"\#(key.x!)","y":"\#(key.y!)"\#(name)}"#
    }

    private func rsa(id: String?) -> String {
        let name = id.map { #","kid":"\#($0)""# } ?? ""
        return #"{"kty":"RSA","n":"\#(TokenFixtures.key("rsa").n!)","e":"AQAB"\#(name)}"#
    }

    private let foreign =
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"same"}"#

    @Test("keys that cannot be used are left out with their reasons, and the set lives on")
    func unusable() throws {
        let set = try set([#"{"kty":"future"}"#, ec("p256", id: "a"), "7", #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#])
        #expect(set.keys.map(\.id) == ["a"])
        #expect(set.unusable.count == 3)
        #expect(set.contains(id: "a"))
        #expect(!set.contains(id: "A"))
    }

    @Test("a token without a key's id is believed only when exactly one key fits its alg")
    func noID() throws {
        let one = try set([rsa(id: nil), ec("p256", id: "x"), ec("p384", id: "y")])
        #expect(try one.candidates(id: nil, algorithm: .es256).map(\.id) == ["x"])
        #expect(try one.candidates(id: nil, algorithm: .rs256).count == 1)
        #expect(throws: TokenRefusal.unknownKey(id: nil)) { try one.candidates(id: nil, algorithm: .es512) }
        let two = try set([ec("p256", id: "x"), foreign])
        #expect(throws: TokenRefusal.unknownKey(id: nil)) { try two.candidates(id: nil, algorithm: .es256) }
    }

    @Test("keys of one id are alternatives: each that fits is tried")
    func sameID() throws {
        let set = try set([foreign, rsa(id: "same"), ec("p256", id: "same")])
        let token = TokenFixtures.token("ES256").token
        let parts = token.split(separator: ".").map(String.init)
        #expect(try set.candidates(id: "same", algorithm: .es256).count == 2)
        #expect(try set.candidates(id: "same", algorithm: .rs256).count == 1)
        #expect(throws: TokenRefusal.keyDoesNotFit("ES512")) { try set.candidates(id: "same", algorithm: .es512) }
        #expect(throws: TokenRefusal.unknownKey(id: "'p256'")) { try JWS.verify(Array(token.utf8), keys: set) }
        let signed = TokenMaker.signed("{}", header: #"{"alg":"RS256","kid":"same"}"#)
        #expect(throws: Never.self) { try JWS.verify(Array(signed.utf8), keys: set) }
        #expect(parts.count == 3)
    }

    @Test("the same id many times costs a bounded number of attempts")
    func attempts() throws {
        let set = try set([String](repeating: foreign, count: 200))
        #expect(try set.candidates(id: "same", algorithm: .es256).count == JWKSet.attemptLimit)
    }

    @Test(
        "an id that means something to a file system, a database or a shell is only an id",
        arguments: [
            "../../../../dev/null", "' OR 1=1 --", "$(reboot)", "a\0b", "", String(repeating: "k", count: 40_000),
        ])
    func strangeIDs(id: String) throws {
        let set = try set([ec("p256", id: "x")])
        #expect(throws: TokenRefusal.unknownKey(id: TokenRefusal.shown(id))) {
            try set.candidates(id: id, algorithm: .es256)
        }
    }

    @Test("a secret beside public keys is not used; alone it is")
    func mixed() throws {
        let secret = #"{"kty":"oct","kid":"s","k":"\#(Base64.url.encode([UInt8](repeating: 1, count: 32)))"}"#
        #expect(try set([secret, ec("p256", id: "x")]).keys.map(\.id) == ["x"])
        #expect(try set([secret]).keys.map(\.id) == ["s"])
    }

    @Test("what is no key set says so")
    func malformed() throws {
        for json in ["", "[]", "{}", #"{"keys":{}}"#, #"{"keys":null}"#, "<html>", #"{"keys":[],"keys":[]}"#] {
            #expect(throws: JWKSet.Malformed.self, "\(json)") { try JWKSet(Array(json.utf8)) }
        }
        #expect(throws: JWKSet.Malformed(description: "the key set has 257 keys, more than 256")) {
            try set([String](repeating: foreign, count: 257))
        }
        #expect(try set([]).keys.isEmpty)
    }
}
