import Bytes
import Emulator
import Forwarding
import JSON
import Journal
import Library
import Support
import Testing
import Time

@Suite("Issuer stage") struct IssuerStageTests {
    private func signIn(
        _ stage: Stage, password: String, prefix: String = "", _ fields: [(String, String)] = []
    ) throws -> Stage.Reply {
        let body =
            #"{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"client-1","#
            + #""AuthParameters":{"USERNAME":"anna","PASSWORD":"\#(password)"}}"#
        return try stage.call(
            "POST", prefix + "/",
            fields + [
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

    @Test("a token signed in through a space, in whichever way, is good for the agents of that space")
    func spaces() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let ways: [(prefix: String, fields: [(String, String)])] = [
            ("/_space/w1", []), ("", [("Host", "w1.localhost:8787")]), ("", [("X-Understudy-Space", "w1")]),
        ]
        for way in ways {
            let answer = try signIn(stage, password: "secret", prefix: way.prefix, way.fields)
            let token = try #require(answer.json?["AuthenticationResult"]?["AccessToken"]?.text)
            for other in ways {
                let reply = try stage.invoke(
                    "{}", path: other.prefix + Stage.path,
                    other.fields + [("Authorization", "Bearer \(token)")])
                #expect(reply.body == "ok", "signed in by \(way), called by \(other)")
                #expect(reply.call.space == "w1")
            }
        }
        let form = try stage.call(
            "GET", "/_space/w1/us-east-1_Understudy/.well-known/openid-configuration")
        #expect(form.json?["issuer"]?.text == "http://127.0.0.1:8787/_space/w1/us-east-1_Understudy")
    }

    @Test("why nobody is signed in stands in the journal")
    func refused() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        #expect(try signIn(stage, password: "wrong").call.why == "Incorrect username or password.")
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        let reply = try stage.call("POST", "/oauth2/token", form, "grant_type=password")
        #expect(reply.status == 400 && reply.call.why != nil && reply.call.why == reply.json?["error"]?.text)
        #expect(try signIn(stage, password: "secret").call.why == nil)
    }

    @Test("keys rotate in the space whose fault it is, and in no other")
    func rotation() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        func token(_ prefix: String) throws -> String {
            try #require(
                signIn(stage, password: "secret", prefix: prefix).json?["AuthenticationResult"]?["AccessToken"]?.text)
        }
        func status(_ prefix: String, _ token: String) throws -> Int {
            try stage.invoke("{}", path: prefix + Stage.path, [("Authorization", "Bearer \(token)")]).status
        }
        func keys(_ prefix: String) throws -> String {
            try stage.call("GET", prefix + "/us-east-1_Understudy/.well-known/jwks.json").body
        }
        let (here, there) = (try token(""), try token("/_space/w1"))
        let before = try keys("")
        try stage.arm(#"{"fault": "key-rotation"}"#, space: "w1")
        #expect(try status("/_space/w1", there) == 401)
        #expect(try status("", here) == 200)
        #expect(try keys("") == before)
        #expect(try keys("/_space/w1") != before)
        #expect(try status("/_space/w1", token("/_space/w1")) == 200)
        stage.understudy.state.reset(now: stage.now)
        #expect(try keys("/_space/w1") == before)
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

    @Test("the journal tells what the issuer was asked for, by which grant, and for whom")
    func told() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let signedIn = try signIn(stage, password: "wrong").call
        #expect(signedIn.operation == "InitiateAuth")
        #expect(signedIn.issuance == .init(grant: "USER_PASSWORD_AUTH", client: "client-1"))
        let form = "grant_type=client_credentials&client_id=client-1&client_secret=s"
        let fields = [("Content-Type", "application/x-www-form-urlencoded")]
        let asked = try stage.call("POST", "/oauth2/token", fields, form).call
        #expect(asked.operation == "Token")
        #expect(asked.issuance == .init(grant: "client_credentials", client: "client-1"))
        #expect(CallRecord(asked).json["grant"] == "client_credentials")
        #expect(try stage.call("GET", "/us-east-1_Understudy/.well-known/jwks.json").call.operation == "KeySet")
        #expect(try stage.call("GET", "/login").call.operation == "Login")
        #expect(Vocabulary.operationsOfCalls.contains("Login") && Vocabulary.operationsOfCalls.contains("GetParameter"))
        try stage.arm(#"{"fault": "jwks-outage", "part": "all"}"#)
        #expect(try stage.call("POST", "/oauth2/token", fields, form).call.operation == "Token")
    }

    @Test("the token that was shown is known by its jti and its times, and never by itself")
    func token() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let answer = try signIn(stage, password: "secret").json?["AuthenticationResult"]
        let token = try #require(answer?["AccessToken"]?.text)
        for _ in 0..<2 {
            let shown = try #require(stage.invoke("{}", [("Authorization", "Bearer \(token)")]).call.token)
            #expect(shown.id.count == 36 && shown.issuedAt == Stage.noon)
            #expect(shown.expires == Stage.noon + .seconds(3_600))
        }
        let opaque = try stage.invoke("{}", [("Authorization", "Bearer not.a.token")]).call
        #expect(opaque.token?.id.count == 16 && opaque.token?.expires == nil)
        #expect(CallRecord(opaque).json["token"]?["issuedAt"] == .null)
        stage.now = Stage.noon + .seconds(3_600)
        let late = try stage.invoke("{}", [("Authorization", "Bearer \(token)")]).call
        #expect(late.auth?.verdict == .refused && late.token?.expires == Stage.noon + .seconds(3_600))
    }

    @Test("whoever asks for no page is told at once that nobody is signed in")
    func withoutPage() throws {
        let stage = try Stage(jwtScenario, checksAccess: true)
        let query = "response_type=code&client_id=client-1&redirect_uri=http://127.0.0.1:9/cb&state=s"
        for prompt in ["none", "login+none"] {
            let reply = try stage.call("GET", "/oauth2/authorize?\(query)&prompt=\(prompt)")
            let place = try #require(reply.field("Location"))
            #expect(reply.status == 302 && place.hasPrefix("http://127.0.0.1:9/cb?error=login_required&"), "\(place)")
            #expect(place.hasSuffix("&state=s"))
        }
        let asked = try stage.call("GET", "/oauth2/authorize?\(query)&prompt=login")
        #expect(asked.field("Location")?.contains("/login?") == true)
    }

    @Test("a wrong password is refused in Cognito's words")
    func wrongPassword() throws {
        let reply = try signIn(Stage(jwtScenario, checksAccess: true), password: "wrong")
        #expect(reply.status == 400)
        #expect(reply.json?["__type"]?.text == "NotAuthorizedException")
        #expect(reply.message == "Incorrect username or password.")
    }

    @Test("what is the issuer's is never passed on, whatever method asks and whether or not it answers")
    func keeps() throws {
        var forward = ForwardSettings()
        forward.destination = Destination(.service, "http://127.0.0.1:1")
        let scenario = #"{"understudy": 1, "agents": [{"arn": "*", "auth": "none"}]}"#
        let (passing, alone) = try (Stage(scenario, forward: forward), Stage(scenario))
        for (method, path) in [
            ("GET", "/oauth2/token?client_secret=s"), ("PUT", "/oauth2/token"), ("PUT", "/login"),
            ("DELETE", "/oauth2/authorize"), ("GET", "/oauth2/userInfo"), ("GET", "/logout"),
            ("POST", "/us-east-1_X/.well-known/jwks.json"), ("GET", "/nopool/.well-known/openid-configuration"),
            ("GET", "/.well-known/jwks.json"), ("PUT", "/_space/w1/oauth2/token"),
        ] {
            let reply = try passing.call(method, path)
            #expect(try reply.status == 404 && alone.call(method, path).status == 404, "\(method) \(path)")
            #expect(reply.call.upstream == nil)
        }
        for path in ["/oauth2x", "/elsewhere/jwks.json", "/identities/oauth2/token"] {
            guard case .forward = try passing.answer("POST", path) else {
                Issue.record("\(path) is not passed on")
                continue
            }
        }
    }

    @Test("discovery document and key set are served without credentials")
    func documents() throws {
        let stage = try Stage()
        let document = try stage.call("GET", "/us-east-1_Understudy/.well-known/openid-configuration")
        #expect(document.json?["issuer"]?.text == "http://127.0.0.1:8787/us-east-1_Understudy")
        #expect(try stage.call("GET", "/us-east-1_Understudy/.well-known/jwks.json").json?["keys"]?.array?.count == 2)
    }
}
