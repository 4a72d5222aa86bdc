import Testing

@Suite("At a wrong door") struct WrongDoorTests {
    private static let scope =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260115/us-east-1/SERVICE/aws4_request, Signature=x"

    private static func signed(for service: String) -> [(String, String)] {
        [("Authorization", scope.split(separator: "SERVICE").joined(separator: service))]
    }

    @Test(
        "what was meant is named, and what to do instead",
        arguments: [
            ("POST", "/", [("X-Amz-Target", "AmazonSQS.SendMessage")], "It is AmazonSQS.SendMessage, of a service"),
            ("GET", "/bucket/key", signed(for: "s3"), "It is signed for the service s3"),
            (
                "GET", "/b?X-Amz-Credential=AKID%2F20260115%2Fus-east-1%2Fs3%2Faws4_request", [],
                "signed for the service s3"
            ),
            (
                "POST", "/agents/A/agentAliases/B/sessions/C/text", signed(for: "bedrock-agentcore"),
                "bedrock-agent-runtime, the older"
            ),
            // As boto3's client of that name signs it.
            (
                "POST", "/agents/A/agentAliases/B/sessions/C/text", signed(for: "bedrock"),
                "bedrock-agent-runtime, the older"
            ),
            (
                "POST", "/runtimes/arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a-ABCDEFGHIJ/invocations",
                [],
                "The ARN stands in the path as it is: percent-encode it"
            ),
            ("POST", "/runtimes/a-ABCDEFGHIJ/invoke", [], "An agent is called with POST /runtimes/"),
            ("POST", "/accounts/123456789012/runtimes/a-ABCDEFGHIJ/invocations", [], "An agent is called with"),
            ("GET", "/ws", [], "That is a path of an agent's own container"),
            ("POST", "/invocations", signed(for: "bedrock-agentcore"), "called through this server with --forward URL"),
            ("PUT", "/runtimes/", [], "the control plane, bedrock-agentcore-control"),
            ("GET", "/runtimes/a-ABCDEFGHIJ/runtime-endpoints/", [], "the control plane"),
            (
                "POST", Stage.path + "/commands", signed(for: "bedrock-agentcore"),
                "That is InvokeAgentRuntimeCommand, which"
            ),
            ("GET", Stage.path + "/ws/shells", [], "That is InvokeAgentRuntimeCommandShell, which is not in this"),
            ("POST", "/harnesses/invoke?harnessArn=x", [], "That is InvokeHarness, which"),
            ("GET", "/harnesses/h", [], "the control plane"),
            ("GET", "/runtimes/a-ABCDEFGHIJ/elsewhere", [], "An agent is called with POST /runtimes/"),
            ("GET", "/x", signed(for: "bedrock-agentcore"), "An agent is called with POST /runtimes/"),
        ] as [(String, String, [(String, String)], String)])
    func named(method: String, path: String, fields: [(String, String)], words: String) throws {
        let reply = try Stage(script(#"{"reply": {"text": "ok"}}"#)).call(method, path, fields)
        #expect(reply.status == 404)
        // Whoever reads XML alone is told so in XML.
        #expect(reply.call.why?.hasPrefix("No operation answers \(method) /") == true)
        #expect(reply.call.why?.contains(words) == true, "\(reply.body)")
    }

    @Test("an agent's id without its account is a 400 that asks for it")
    func accountless() throws {
        let reply = try Stage(script(#"{"reply": {"text": "ok"}}"#)).call(
            "POST", "/runtimes/a-ABCDEFGHIJ/invocations", [])
        #expect(reply.status == 400 && reply.message?.hasPrefix("accountID required") == true)
    }

    @Test("a name that would command a terminal is shown without that")
    func hostile() throws {
        let target = [("X-Amz-Target", "A\u{9B}B" + String(repeating: "x", count: 200))]
        let message = try Stage(script(#"{"reply": {"text": "ok"}}"#)).call("POST", "/y", target).message ?? ""
        #expect(message.contains("It is A?Bx") && message.count < 400)
    }
}
