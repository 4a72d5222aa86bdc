import Bytes
import JOSE
import JSON
import Testing

@testable import Access

@Suite("IssuerKey") struct IssuerKeyTests {
    @Test("three keys of three names, in the shape of Cognito's")
    func names() {
        let keys = [IssuerKey.access, .id, .spare]
        #expect(Set(keys.map(\.id)).count == 3)
        for key in keys {
            #expect(key.id.utf8.count == 44)
            #expect(Base64.standard.decode(Array(key.id.utf8))?.count == 32)
            #expect(key.jwk.members?.map(\.name) == ["alg", "e", "kid", "kty", "n", "use"])
        }
    }

    @Test("what a key signs is believed by its published half", arguments: [IssuerKey.access, .id, .spare])
    func signs(key: IssuerKey) throws {
        let token = key.sign(["sub": "anna"])
        let jws = try JWS.verify(Array(token.utf8), keys: try JWKSet(["keys": [key.jwk]] as JSON.Value))
        #expect(jws.header.keyID == key.id)
        #expect(String(decoding: jws.payload, as: UTF8.self) == #"{"sub":"anna"}"#)
    }

    @Test("the published half holds nothing of the private one")
    func published() {
        for name in ["d", "p", "q", "dp", "dq", "qi"] { #expect(IssuerKey.access.jwk[name] == nil) }
    }
}
