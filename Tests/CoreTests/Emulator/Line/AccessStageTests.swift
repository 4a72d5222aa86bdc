import Access
import Emulator
import Testing
import Time

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

    @Test("an IAM denial has the shape of the agent's protocol, the method mismatch never")
    func denied() throws {
        func denied(_ name: String) throws -> Stage.Reply {
            try Stage(
                script(
                    #"{"reply": {"text": "ok"}}"#,
                    agent: #""arn": "\#(Stage.arn)", "auth": "sigv4", "protocol": "\#(name)""#,
                    more: #"""
                        "credentials": [{"accessKeyId": "test", "secretAccessKey": "test",
                          "deny": ["bedrock-agentcore:InvokeAgentRuntime"]}],
                        """#), checksAccess: true
            ).invokeSigned(#"{"jsonrpc":"2.0","id":7,"method":"tools/list"}"#)
        }
        let words =
            "User: arn:aws:iam::123456789012:user/test is not authorized to perform: "
            + "bedrock-agentcore:InvokeAgentRuntime on resource: \(Stage.arn) because no identity-based policy allows "
            + "the bedrock-agentcore:InvokeAgentRuntime action"
        for name in ["HTTP", "A2A"] {
            let native = try denied(name)
            #expect(native.status == 403)
            #expect(native.field("x-amzn-ErrorType") == "AccessDeniedException")
            #expect(native.body == #"{"message":"\#(words)"}"#)
        }
        let mcp = try denied("MCP")
        #expect(mcp.status == 403)
        #expect(mcp.field("x-amzn-ErrorType") == nil)
        #expect(mcp.body == #"{"jsonrpc":"2.0","id":7,"error":{"code":-32002,"message":"\#(words)"}}"#)
        #expect(
            try denied("AGUI").body.hasPrefix(#"data: {"type":"RUN_ERROR","code":"ACCESS_DENIED","message":"User: "#))
        let jwt = try Stage(
            jwtScenario.replacing(#""arn": "*""#, with: #""arn": "*", "protocol": "MCP""#), checksAccess: true)
        #expect(try jwt.invokeSigned().field("x-amzn-ErrorType") == "AccessDeniedException")
    }

    @Test("a signature for another region than the agent's finds no agent there, and the journal names both")
    func region() throws {
        let stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#, agent: #""arn": "\#(Stage.arn)", "auth": "sigv4""#,
                more: #""credentials": [{"accessKeyId": "test", "secretAccessKey": "test"}],"#),
            checksAccess: true)
        for target in [Stage.path, "/runtimes/hosted_agent-Ab12Cd34Ef"] {
            let query = target == Stage.path ? "" : "?accountId=123456789012"
            let reply = try stage.invokeSigned(region: "us-east-1", path: target, query: query)
            #expect(reply.status == 404)
            #expect(reply.field("x-amzn-ErrorType") == "ResourceNotFoundException")
            #expect(
                reply.message == "No endpoint or agent found with qualifier 'DEFAULT' for agent \(Stage.arn)")
            #expect(
                reply.call.auth?.why?.hasPrefix("the signature is scoped to us-east-1, the agent lives in us-west-2:")
                    == true)
            #expect(try stage.invokeSigned(path: target, query: query).body == "ok")
        }
        let anywhere = try Stage()
        #expect(
            try anywhere.invokeSigned(
                region: "eu-west-1", path: "/runtimes/hosted_agent-Ab12Cd34Ef", query: "?accountId=123456789012"
            ).status == 200)
    }

    @Test("a caller whose issuer's documents never settle is refused, with an entry, also where a fault looks first")
    func unsettled() throws {
        let discovery = "http://127.0.0.1:9/pool/.well-known/openid-configuration"
        let stage = try Stage(
            jwtScenario.replacing(
                "http://127.0.0.1:8787/us-east-1_Understudy/.well-known/openid-configuration", with: discovery),
            checksAccess: true)
        // Of the form of a token; its signature is not looked at before there are keys.
        let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJpc3MiOiJhIn0.YQ"
        let fields = [("Authorization", "Bearer \(token)")]
        for _ in 0..<2 {
            guard case .fetch(discovery, _) = try stage.answer("POST", Stage.path + "/invocations", fields) else {
                Issue.record("no document is asked for")
                return
            }
            let reply = try stage.call("POST", Stage.path + "/invocations", fields, documents: Gate.mostDocuments)
            #expect(reply.status == 401)
            #expect(
                reply.json?["error"]?["message"]?.text
                    == "Unable to retrieve the signing keys of the token issuer.")
            #expect(reply.call.auth?.why?.hasPrefix("after 8 documents the keys are still not known") == true)
            try stage.arm(#"{"fault": "latency", "delay": "1ms"}"#)
        }
        let itself = #"{"issuer":"http://127.0.0.1:9/pool","jwks_uri":"\#(discovery)"}"#
        stage.understudy.learn(url: discovery, content: .success(Array(itself.utf8)), now: stage.now)
        let reply = try stage.invoke("{}", fields)
        #expect(reply.status == 401)
        #expect(reply.call.auth?.why?.hasSuffix("that is the discovery document itself") == true)
    }

    @Test("a clock that is moved leaves signatures alone, unless they are to go with it; a skew is felt in any case")
    func clocks() throws {
        let stage = try Stage()
        let space = try stage.space()
        space.clock.advance(by: .seconds(3_600), real: stage.now)
        #expect(try stage.invokeSigned().status == 200)
        try stage.arm(#"{"fault": "clock-skew", "offset": "6m"}"#)
        #expect(try stage.invokeSigned().message?.hasPrefix("Signature expired") == true)
        space.faults.disarmAll()
        space.clock.set(to: Stage.noon + .seconds(-3_600), real: stage.now)
        #expect(try stage.invokeSigned().status == 200)
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
