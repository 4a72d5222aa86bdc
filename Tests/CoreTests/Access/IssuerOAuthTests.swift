import Bytes
import HTTPWire
import JOSE
import JSON
import Library
import Support
import Testing

@testable import Access

@Suite("IssuerOAuth") struct IssuerOAuthTests {
    private static let form = ("Content-Type", "application/x-www-form-urlencoded")

    private var directory: IssuerDirectory {
        var job = User(username: "job")
        (job.clientId, job.clientSecret, job.scopes) = ("m2m", "s:e/c", ["shop/read", "shop/write"])
        var anna = User(username: "anna")
        (anna.clientId, anna.password) = ("app", "pw")
        return IssuerDirectory(users: [job, anna], agents: [], base: "http://127.0.0.1:8787")
    }

    private func answer(
        _ body: String, _ headers: [(String, String)] = [], type: (String, String)? = form
    ) throws -> (status: Int, value: JSON.Value, fields: FieldBlock) {
        var chance = SeededGenerator(seed: 1)
        let request = Request.made(
            "POST", "/oauth2/token", headers + (type.map { [$0] } ?? []), body: Array(body.utf8))
        let answer = IssuerOAuth(
            issuer: Issuer(), directory: directory, codes: RedeemedCodes(space: "default"), now: TokenWorld.now
        ).answer(request, &chance)
        return (answer.status, try JSON.Value.parse(answer.body), answer.fields)
    }

    private func basic(_ text: String) -> [(String, String)] {
        [("Authorization", "Basic \(Base64.standard.encode(Array(text.utf8)))")]
    }

    private func claims(_ value: JSON.Value?) throws -> Claims {
        let token = try #require(value?.text)
        return try Claims(try JWS.verify(Array(token.utf8), keys: try JWKSet(Issuer().keySet)).payload)
    }

    @Test("client credentials by HTTP Basic or in the body, with all scopes or those asked for")
    func clientCredentials() throws {
        let secret = "s%3Ae%2Fc"
        for (body, headers, scope) in [
            ("grant_type=client_credentials", basic("m2m:\(secret)"), "shop/read shop/write"),
            ("grant_type=client_credentials&client_id=m2m&client_secret=\(secret)", [], "shop/read shop/write"),
            ("grant_type=client_credentials&client_id=m2m&scope=shop%2Fwrite", basic("m2m:s:e/c"), "shop/write"),
            (
                "scope=shop/write+shop/read&grant_type=client_credentials", basic("m2m:\(secret)"),
                "shop/write shop/read"
            ),
        ] {
            let answer = try answer(body, headers)
            #expect(answer.status == 200)
            #expect(answer.value.members?.map(\.name) == ["access_token", "expires_in", "token_type"])
            #expect(answer.value["expires_in"]?.integer == 3_600)
            #expect(answer.fields.value(of: "cache-control") == "no-store")
            #expect(answer.fields.value(of: "pragma") == "no-cache")
            #expect(answer.fields.value(of: "access-control-allow-origin") == "*")
            let claims = try claims(answer.value["access_token"])
            #expect(claims.subject == "m2m")
            #expect(claims["scope"]?.text == scope)
            #expect(claims.issuer == "http://127.0.0.1:8787/us-east-1_Understudy")
        }
    }

    @Test("every refusal is 400 with RFC 6749's word for it")
    func refusals() throws {
        let secret = "client_secret=s%3Ae%2Fc"
        for (body, error) in [
            ("", "invalid_request"), ("grant_type=", "invalid_request"),
            ("grant_type=client_credentials", "invalid_request"),
            ("grant_type=client_credentials&client_id=nobody&client_secret=x", "invalid_client"),
            ("grant_type=client_credentials&client_id=m2m&client_secret=wrong", "invalid_client"),
            ("grant_type=client_credentials&client_id=m2m", "invalid_client"),
            ("grant_type=client_credentials&client_id=app", "unauthorized_client"),
            ("grant_type=client_credentials&client_id=m2m&\(secret)&scope=shop/all", "invalid_scope"),
            ("grant_type=client_credentials&client_id=m2m&client_id=m2m&\(secret)", "invalid_request"),
            ("grant_type=client_credentials&client_id=m2m&\(secret)&scope=%zz", "invalid_request"),
            ("grant_type=client_credentials&client_id=m2m&\(secret)&scope=%FF", "invalid_request"),
            ("grant_type=password&client_id=m2m&\(secret)", "unsupported_grant_type"),
            ("grant_type=refresh_token&client_id=app", "invalid_request"),
            ("grant_type=refresh_token&client_id=app&refresh_token=x", "invalid_grant"),
            ("grant_type=refresh_token&client_id=app&client_secret=x&refresh_token=x", "invalid_client"),
            (String(repeating: "a=b&", count: 20_000), "invalid_request"),
        ] {
            let answer = try answer(body)
            #expect(answer.status == 400)
            #expect(answer.value["error"]?.text == error, "\(body.prefix(80))")
            #expect(answer.fields.value(of: "cache-control") == "no-store")
        }
    }

    @Test("a broken or doubled client authentication is refused")
    func authentication() throws {
        let body = "grant_type=client_credentials"
        for header in [
            "Basic !", "Basic", "Basic bTJt", "Bearer x", "Basic " + Base64.standard.encode(Array("m2m:no".utf8)),
        ] {
            #expect(try answer(body, [("Authorization", header)]).value["error"] == "invalid_client", "\(header)")
        }
        #expect(try answer("\(body)&client_secret=x", basic("m2m:s%3Ae%2Fc")).value["error"] == "invalid_request")
        #expect(try answer("\(body)&client_id=other", basic("m2m:s%3Ae%2Fc")).value["error"] == "invalid_client")
        let twice = basic("m2m:s%3Ae%2Fc") + basic("app:x")
        #expect(try answer(body, twice).value["error"] == "invalid_request")
        let empty = [("Authorization", "")]
        #expect(try answer("\(body)&client_id=m2m&client_secret=s%3Ae%2Fc", empty).status == 200)
    }

    @Test("what is no form is refused")
    func contentType() throws {
        let body = "grant_type=client_credentials&client_id=m2m&client_secret=s:e/c"
        #expect(try answer(body, type: nil).value["error"] == "invalid_request")
        #expect(try answer(body, type: ("Content-Type", "application/json")).value["error"] == "invalid_request")
        let charset = ("Content-Type", "Application/X-www-form-urlencoded; charset=utf-8")
        #expect(try answer(body, type: charset).status == 200)
        let tab = ("Content-Type", "application/x-www-form-urlencoded\t; charset=utf-8")
        #expect(try answer(body, type: tab).status == 200)
    }

    @Test(
        "a refreshed token has the scopes that were granted or fewer of them, and an ID token where openid was granted",
        arguments: [
            (["openid", "email"], "", "openid email", true), (["openid", "email"], "email", "email", true),
            (["email"], "", "email", false), (["email"], "email", "email", false), (["email"], "openid", nil, false),
            (["email"], "email admin", nil, false), (nil, "", "aws.cognito.signin.user.admin", true),
            (nil, "openid", nil, true),
        ] as [([String]?, String, String?, Bool)])
    func narrowed(granted: [String]?, asked: String, told: String?, withID: Bool) throws {
        let token = IssuerRefreshToken(
            username: "anna", clientId: "app", origin: "o", authenticatedAt: TokenWorld.now, scopes: granted)
        let scope = "scope=\(asked.replacing(" ", with: "+"))"
        let answer = try answer("grant_type=refresh_token&client_id=app&refresh_token=\(token.text)&\(scope)")
        guard let told else {
            return #expect(answer.status == 400 && answer.value["error"] == "invalid_scope")
        }
        #expect(try claims(answer.value["access_token"])["scope"]?.text == told)
        #expect((answer.value["id_token"] != nil) == withID)
    }

    @Test("a refresh token becomes new tokens, and no new refresh token")
    func refresh() throws {
        let token = IssuerRefreshToken(
            username: "anna", clientId: "app", origin: "o", authenticatedAt: TokenWorld.now)
        let answer = try answer("grant_type=refresh_token&client_id=app&refresh_token=\(token.text)")
        #expect(answer.status == 200)
        #expect(answer.value.members?.map(\.name) == ["id_token", "access_token", "expires_in", "token_type"])
        #expect(try claims(answer.value["access_token"])["username"]?.text == "anna")
        #expect(try claims(answer.value["id_token"]).audience == ["app"])
        let stolen = try self.answer("grant_type=refresh_token&refresh_token=\(token.text)", basic("m2m:s%3Ae%2Fc"))
        #expect(stolen.value["error"] == "invalid_grant")
    }
}
