import Bytes
import JSON
import Journal
import Support
import Testing
import Time

@Suite("Issuer stage") struct IssuerStageTests {
    private func signIn(_ stage: Stage, password: String) throws -> Stage.Reply {
        let body =
            #"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"client-1","#
            + #""AuthParameters":{"USERNAME":"anna","PASSWORD":"\#(password)"}}"#
        return try stage.call(
            "POST", "/",
            [
                ("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth"),
                ("Content-Type", "application/x-amz-json-1.1"),
            ], body)
    }

    @Test("a user signs in, calls an agent with the token, and the journal has neither password nor token")
    func signInAndCall() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let answer = try signIn(stage, password: "secret")
        let token = try #require(answer.json?["AuthenticationResult"]?["AccessToken"]?.text)
        let reply = try stage.invoke("{}", [("Authorization", "Bearer \(token)")])
        #expect(reply.body == "ok")
        #expect(reply.call.auth?.scheme == "jwt")
        let kept = CallRecord(answer.call).json.json() + CallRecord(reply.call).json.json()
        #expect(!kept.contains(token))
        #expect(!kept.contains("secret"))
    }

    @Test("the token loses its worth a minute before it expires")
    func ineffectual() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let token = try #require(
            signIn(stage, password: "secret").json?["AuthenticationResult"]?["AccessToken"]?.text)
        stage.now = Stage.noon + .seconds(3_600 - 59)
        let reply = try stage.invoke("{}", [("Authorization", "Bearer \(token)")])
        #expect(reply.status == 403)
        #expect(
            reply.body
                == #"{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}"#)
    }

    @Test("a wrong password is refused in Cognito's words")
    func wrongPassword() throws {
        let reply = try signIn(Stage(jwtScenario, checksAccess: true), password: "wrong")
        #expect(reply.status == 400)
        #expect(reply.json?["__type"]?.text == "NotAuthorizedException")
        #expect(reply.message == "Incorrect username or password.")
    }

    @Test("discovery document and key set are served without credentials")
    func documents() throws {
        let stage = try Stage()
        let document = try stage.call("GET", "/us-east-1_Understudy/.well-known/openid-configuration")
        #expect(document.json?["issuer"]?.text == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(try stage.call("GET", "/us-east-1_Understudy/.well-known/jwks.json").json?["keys"]?.array?.count == 2)
    }
}
