import Testing

@Suite("Service fields") struct ServiceFieldsTests {
    @Test("an answer carries the request id, the session and a trace of the service's shape")
    func present() throws {
        let reply = try Stage(script(#"{"reply": {"text": "ok"}}"#)).invoke()
        #expect(reply.field("x-amzn-RequestId")?.count == 36)
        #expect(reply.field("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id") == Stage.session)
        let trace = try #require(reply.field("X-Amzn-Trace-Id"))
        #expect(trace.wholeMatch(of: /Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1/) != nil)
        #expect(trace.hasPrefix("Root=1-6968d6c0-"))
    }

    @Test("trace headers that came go back as they were")
    func echoed() throws {
        let sent = [("X-Amzn-Trace-Id", "your-trace-id"), ("traceparent", "00-a-b-01"), ("baggage", "k=v")]
        let reply = try Stage(script(#"{"reply": {"text": "ok"}}"#)).invoke("{}", sent)
        for (name, value) in sent { #expect(reply.field(name) == value) }
    }

    @Test("an MCP agent's session goes back in its own header too")
    func mcp() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#, agent: #""arn": "*", "protocol": "MCP""#))
        let accept = ("Accept", "application/json, text/event-stream")
        let reply = try stage.invoke("{}", session: nil, [accept, ("Mcp-Session-Id", "m-1")])
        #expect(reply.field("Mcp-Session-Id") == "m-1")
    }

    @Test("what a rule says itself stays, once")
    func given() throws {
        let own = #"{"reply": {"text": "ok", "headers": {"mcp-session-id": "own", "X-Amzn-RequestId": "r-1"}}}"#
        let stage = try Stage(script(own, agent: #""arn": "*", "protocol": "MCP""#))
        let accept = ("Accept", "application/json, text/event-stream")
        let reply = try stage.invoke("{}", session: nil, [accept, ("Mcp-Session-Id", "m-1")])
        let lines = reply.fields.list.filter { ["mcp-session-id", "x-amzn-requestid"].contains($0.name.lowercased()) }
        #expect(lines.map(\.value) == ["own", "r-1"])
    }

    @Test("every answer names its entry in the journal, and pages of other origins may read it")
    func number() throws {
        let stage = try Stage(script(#"{"reply": {"text": "ok"}}"#))
        for number in 1...2 {
            let reply = try stage.invoke("{}", [("Origin", "http://localhost:3000")])
            #expect(reply.field("X-Understudy-Call") == "\(number)" && reply.call.number == number)
            let exposed = reply.field("Access-Control-Expose-Headers")?.split(separator: ",") ?? []
            #expect(exposed.contains("X-Understudy-Call"))
        }
        #expect(try stage.call("GET", "/nowhere").field("X-Understudy-Call") == "3")
        let keys = try stage.call(
            "GET", "/us-east-1_Understudy/.well-known/jwks.json", [("Origin", "http://localhost:3000")])
        #expect(keys.field("X-Understudy-Call") == "4")
        #expect(keys.field("Access-Control-Expose-Headers")?.hasSuffix("X-Understudy-Call") == true)
        #expect(keys.fields.list.count { $0.name == "Access-Control-Allow-Origin" } == 1)
    }
}

extension Stage {
    func invoke(_ body: String, _ fields: [(String, String)]) throws -> Reply {
        try invoke(body, path: Stage.path, session: Stage.session, fields)
    }
}
