import HTTPWire
import JOSE
import JSON
import Rules
import Support
import Testing

@testable import Access

@Suite("IssuerEndpoints") struct IssuerEndpointsTests {
    private func answer(_ method: String, _ path: String, _ headers: [(String, String)] = []) -> IssuerAnswer? {
        var chance = SeededGenerator(seed: 1)
        let request = Request.made(method, path, headers)
        let directory = IssuerDirectory(users: [], agents: [], base: "http://127.0.0.1:8787")
        return IssuerEndpoints(issuer: Issuer(), directory: directory, codes: RedeemedCodes(space: "default"))
            .answer(request, path: request.head[request.path], now: TokenWorld.now, chance: &chance)
    }

    @Test(
        "any pool's documents, for a verifier and a browser", arguments: ["us-east-1_Understudy", "eu-west-1_Other9"])
    func documents(pool: String) throws {
        let discovery = try #require(answer("GET", "/\(pool)/.well-known/openid-configuration"))
        let document = try DiscoveryDocument(discovery.body)
        #expect(document.issuer == "http://127.0.0.1:8787/\(pool)")
        let path = try #require(document.keySetURL.split(separator: "8787").last.map(String.init))
        let keys = try #require(answer("GET", path))
        #expect(try JWKSet(keys.body).keys.count == 2)
        #expect(keys.status == 200)
        #expect(keys.fields.value(of: "content-type") == "application/json")
        #expect(keys.fields.value(of: "access-control-allow-origin") == "*")
        #expect(answer("HEAD", path) == keys)
    }

    @Test(
        "every other path and method is somebody else's",
        arguments: [
            ("GET", "/"), ("GET", "/.well-known/jwks.json"), ("GET", "/pool/.well-known/jwks.json"),
            ("GET", "//.well-known/jwks.json"),
            ("GET", "/a_b/.well-known/jwks.json/"), ("GET", "/a_b/.well-known/oauth-authorization-server"),
            ("GET", "/x/a_b/.well-known/jwks.json"), ("POST", "/a_b/.well-known/jwks.json"), ("GET", "/oauth2/token"),
            ("POST", "/"), ("PUT", "/oauth2/token"), ("POST", "/oauth2/token/"),
            ("GET", "/%61_b/.well-known/jwks.json"),
        ])
    func others(method: String, path: String) {
        #expect(answer(method, path) == nil)
    }

    @Test("POST / is ours only with a target of the user pools")
    func targets() {
        #expect(answer("POST", "/", [("X-Amz-Target", "DynamoDB_20120810.GetItem")]) == nil)
        #expect(answer("POST", "/", [("X-Amz-Target", "AWSCognitoIdentityProviderService.SignUp")])?.status == 400)
        #expect(answer("POST", "/x", [("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")]) == nil)
    }
}
