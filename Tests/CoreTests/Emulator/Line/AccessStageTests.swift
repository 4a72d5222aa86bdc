import Testing

@Suite("Access stage") struct AccessStageTests {
    @Test("no credentials: the service's 403")
    func nothing() throws {
        let reply = try Stage().invoke()
        #expect(reply.status == 403)
        #expect(reply.field("x-amzn-ErrorType") == "MissingAuthenticationTokenException")
        #expect(reply.body == #"{"message":"Missing Authentication Token"}"#)
        #expect(reply.call.auth?.verdict == .refused)
    }

    @Test("a wrong secret gets what the server computed, in the answer and in the journal")
    func mismatch() throws {
        let reply = try Stage().invokeSigned(secret: "wrong")
        #expect(reply.status == 403)
        #expect(reply.field("x-amzn-ErrorType") == "InvalidSignatureException")
        #expect(reply.message?.contains("The Canonical String for this request should have been\n'POST\n") == true)
        #expect(reply.call.auth?.canonicalRequest?.hasPrefix("POST\n/runtimes/arn%253Aaws") == true)
        #expect(reply.call.auth?.stringToSign?.hasPrefix("AWS4-HMAC-SHA256\n20260115T120000Z\n") == true)
    }

    @Test("without the echo the answer keeps it to itself, the journal does not")
    func withoutEcho() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "auth": "sigv4""#,
                more: #""credentials": [{"accessKeyId": "test", "secretAccessKey": "test"}],"#),
            checksAccess: true, echoesSignatures: false)
        let reply = try stage.invokeSigned(secret: "wrong")
        #expect(reply.message?.contains("Canonical") == false)
        #expect(reply.call.auth?.canonicalRequest != nil)
    }

    @Test("an agent behind JWT points to its metadata, in the JSON-RPC envelope")
    func challenge() throws {
        let reply = try Stage(jwtScenario, checksAccess: true).invoke()
        #expect(reply.status == 401)
        #expect(reply.json?["error"]?["message"]?.text == "Missing Authentication Token")
        #expect(reply.json?["id"]?.text == "null")
        #expect(
            reply.field("WWW-Authenticate")
                == "Bearer resource_metadata=\"http://127.0.0.1:8787\(Stage.path)/invocations/.well-known/"
                + "oauth-protected-resource?qualifier=DEFAULT\"")
    }

    @Test("the wrong kind of credentials is a method mismatch, in both directions")
    func methodMismatch() throws {
        let signed = try Stage(jwtScenario, checksAccess: true).invokeSigned()
        #expect(signed.status == 403)
        #expect(signed.message?.hasPrefix("Authorization method mismatch.") == true)
        let stage = try Stage(
            script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "auth": "sigv4""#), checksAccess: true)
        let bearer = try stage.invoke("{}", [("Authorization", "Bearer abc")])
        #expect(bearer.field("x-amzn-ErrorType") == "AccessDeniedException")
    }
}

let jwtScenario = script(
    #"{"reply": {"text": "ok"}}"#,
    agent: #"""
        "arn": "*", "auth": {"jwt": {
        "discoveryUrl": "http://127.0.0.1:8787/us-east-1_Understudy/.well-known/openid-configuration",
        "allowedClients": ["client-1"]}}
        """#,
    more: #""users": [{"username": "anna", "password": "secret", "clientId": "client-1"}],"#)
