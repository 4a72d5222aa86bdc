import JOSE
import JSON
import Support
import Testing

@testable import Access

@Suite("Issuer") struct IssuerTests {
    @Test("access and ID tokens are signed by different keys of the set")
    func twoKeys() throws {
        var chance = SeededGenerator(seed: 1)
        let issuer = Issuer()
        let keys = try JWKSet(issuer.keySet)
        var names: Set<String?> = []
        for kind in IssuerToken.Kind.allCases {
            let token = issuer.token(
                IssuerToken(kind: kind, issuer: "i", clientId: "c", username: "u", issuedAt: TokenWorld.now),
                chance: &chance)
            names.insert(try JWS.verify(Array(token.utf8), keys: keys).header.keyID)
        }
        #expect(names == [IssuerKey.access.id, IssuerKey.id.id])
        #expect(issuer.keySet["keys"]?.array?.count == 2)
    }

    @Test("after a rotation the old key is gone, and after another it is back")
    func rotation() throws {
        var issuer = Issuer()
        issuer.rotate()
        let keys = try JWKSet(issuer.keySet)
        #expect(!keys.contains(id: IssuerKey.access.id))
        #expect(keys.contains(id: IssuerKey.spare.id))
        #expect(issuer.key(for: .access) === IssuerKey.spare)
        #expect(issuer.key(for: .id) === IssuerKey.id)
        issuer.rotate()
        #expect(issuer.key(for: .access) === IssuerKey.access)
    }

    @Test("the discovery document is one that a verifier reads")
    func discovery() throws {
        let value = Issuer().discoveryDocument(
            issuer: "http://127.0.0.1:8787/us-east-1_X", base: "http://127.0.0.1:8787")
        let document = try DiscoveryDocument(value.compact)
        #expect(document.issuer == "http://127.0.0.1:8787/us-east-1_X")
        #expect(document.keySetURL == "http://127.0.0.1:8787/us-east-1_X/.well-known/jwks.json")
        #expect(value["token_endpoint"]?.text == "http://127.0.0.1:8787/oauth2/token")
        #expect(value["id_token_signing_alg_values_supported"] == ["RS256"])
    }
}
