import Bytes
import Testing

@Suite("Operation stage") struct OperationStageTests {
    let stage: Stage

    init() throws {
        stage = try Stage(
            script(
                #"{"reply": {"text": "ok"}}"#,
                agent: #""arn": "\#(Stage.arn)", "endpoints": ["DEFAULT", "prod"]"#))
    }

    @Test("ARN and id with account name the same agent")
    func names() throws {
        #expect(try stage.invoke().body == "ok")
        let byID = "/runtimes/hosted_agent-Ab12Cd34Ef/invocations?accountId=123456789012"
        #expect(try stage.call("POST", byID).status == 200)
        #expect(try stage.call("POST", byID).call.agent == Stage.arn)
    }

    @Test("an id without its account is a validation error")
    func accountMissing() throws {
        let reply = try stage.call("POST", "/runtimes/hosted_agent-Ab12Cd34Ef/invocations")
        #expect(reply.status == 400)
        #expect(reply.field("x-amzn-ErrorType") == "ValidationException")
        #expect(reply.message?.contains("accountID required") == true)
        #expect(reply.json?["reason"]?.text == "FieldValidationFailed")
        for account in ["12", "12345678901a", "%31"] {
            let reply = try stage.call("POST", "/runtimes/hosted_agent-Ab12Cd34Ef/invocations?accountId=\(account)")
            #expect(reply.status == 400, "\(account)")
            #expect(reply.json?["fieldList"]?.array?.first?["name"]?.text == "accountId")
        }
    }

    @Test("an unknown agent, an unknown endpoint and a pasted line feed are not found, in the service's words")
    func notFound() throws {
        let unknown = Stage.arn.replacing("hosted", with: "other")
        let path = "/runtimes/\(PercentEncoding.encode(unknown.utf8))"
        let reply = try stage.invoke(path: path)
        #expect(reply.status == 404)
        #expect(reply.field("x-amzn-ErrorType") == "ResourceNotFoundException")
        #expect(reply.message == "No endpoint or agent found with qualifier 'DEFAULT' for agent \(unknown)")
        let endpoint = try stage.call("POST", Stage.path + "/invocations?qualifier=beta")
        #expect(endpoint.message == "No endpoint or agent found with qualifier 'beta' for agent \(Stage.arn)")
        #expect(try stage.invoke(path: Stage.path + "%0A").status == 404)
        #expect(try stage.call("POST", Stage.path + "/invocations?qualifier=prod").status == 200)
    }

    @Test(
        "an A2A agent whose entry says 2025 is answered with the codes of 2025",
        arguments: [("", -32_051), (#", "dialect": "2026""#, -32_051), (#", "dialect": "2025""#, -32_501)])
    func dialect(more: String, code: Int) throws {
        let agent = #""arn": "\#(Stage.arn)", "protocol": "A2A""# + more
        let stage = try Stage(script(#"{"reply": {"error": "ResourceNotFoundException"}}"#, agent: agent))
        #expect(try stage.invoke().json?["error"]?["code"]?.integer == code)
        let beta = try stage.call("POST", Stage.path + "/invocations?qualifier=beta")
        #expect(beta.json?["error"]?["code"]?.integer == code)
        try stage.arm(#"{"fault": "error", "error": "ResourceNotFoundException"}"#)
        #expect(try stage.invoke().json?["error"]?["code"]?.integer == code)
    }

    @Test(
        "a wrong door is not found and says where the right ones are",
        arguments: [
            "/", "/runtimes", "/runtimes/a/invoke", "/runtimes/arn:aws:bedrock-agentcore:x:1:runtime/a/invocations",
            "/accounts/1/runtimes/a/invocations",
        ])
    func wrongDoor(path: String) throws {
        let reply = try stage.call("POST", path)
        #expect(reply.status == 404)
        #expect(reply.message?.contains("/invocations") == true || reply.message?.contains("control plane") == true)
    }

    @Test("a method that the operation does not take is refused with those that it does")
    func wrongMethod() throws {
        let reply = try stage.call("GET", Stage.path + "/invocations")
        #expect(reply.status == 405)
        #expect(reply.field("Allow") == "POST, OPTIONS")
        let card = try stage.call("POST", Stage.path + "/invocations/.well-known/agent-card.json")
        #expect(card.status == 405 && card.field("Allow") == "GET, HEAD, OPTIONS")
    }

    @Test("what opens a conversation has no head of its own", arguments: ["HEAD", "POST"])
    func headOfConversation(method: String) throws {
        let reply = try stage.call(method, Stage.path + "/ws")
        #expect(reply.status == 405 && reply.field("Allow") == "GET, OPTIONS")
    }

    @Test("a short session id, an over-long one and an over-long header get the service's sentence")
    func sessionLimits() throws {
        let short = try stage.invoke(session: "short")
        #expect(short.status == 400)
        #expect(short.field("x-amzn-ErrorType") == "ValidationException")
        #expect(
            short.message
                == "1 validation error detected: Value at 'runtimeSessionId' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 33")
        #expect(short.json?["reason"]?.text == "FieldValidationFailed")
        #expect(
            short.json?["fieldList"]?.json()
                == #"[{"name":"runtimeSessionId","message":"Member must have length greater than or equal to 33"}]"#)
        #expect(try stage.invoke(session: String(repeating: "x", count: 257)).status == 400)
        let name = [("Mcp-Name", String(repeating: "x", count: 1_025))]
        #expect(try stage.invoke(name).json?["fieldList"]?.array?.first?["name"]?.text == "mcpName")
        #expect(try stage.invoke(session: String(repeating: "x", count: 256)).status == 200)
        let baggage = [("baggage", String(repeating: "x", count: 8_193))]
        #expect(try stage.invoke(baggage).message?.contains("'baggage'") == true)
    }

    @Test("without a session id one is allocated and told")
    func allocated() throws {
        let reply = try stage.invoke(session: nil)
        #expect(reply.field("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id")?.count == 36)
        #expect(reply.call.session == reply.field("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"))
    }

    @Test("access off is said in the journal")
    func accessOff() throws {
        #expect(try stage.invoke().call.auth?.verdict == .unchecked)
    }

    private func invoke(_ fields: [(String, String)]) throws -> Stage.Reply { try stage.invoke(fields) }
}

extension Stage {
    fileprivate func invoke(_ fields: [(String, String)]) throws -> Reply { try invoke("{}", fields) }
}
