import JSON
import Support
import Testing

@testable import ControlAPI

@Suite("Who is there") struct PeopleCallsTests {
    private static let scenario = """
        {"understudy": 1, "agents": [
          {"arn": "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a_a-ABCDEFGHIJ", "auth": "none", "protocol": "MCP",
           "endpoints": ["prod", "DEFAULT"], "session": {"idleTimeout": "60s"}},
          {"arn": "*", "auth": "any"}],
         "rules": [{"then": "greeted", "reply": {"text": "x"}}]}
        """

    @Test("agents are told with what holds for them, those of a pattern when they were called")
    func agents() throws {
        let stage = try ControlStage(Self.scenario)
        try stage.call("/runtimes/b_b-ABCDEFGHIJ/invocations?accountId=123456789012")
        let agents = stage.control("GET", "agents").1["agents"]
        #expect(agents?.array?.count == 3)
        #expect(agents?[0]?["protocol"] == "MCP" && agents?[0]?["endpoints"] == ["prod", "DEFAULT"])
        #expect(agents?[0]?["auth"] == "none" && agents?[0]?["calls"] == 0)
        #expect(agents?[2]?["arn"]?.text?.hasSuffix("b_b-ABCDEFGHIJ") == true && agents?[2]?["entry"] == "*")
        #expect(agents?[2]?["calls"] == 1 && agents?[2]?["sessions"] == 1)
    }

    @Test("a session is told with its state and its ends, until it has run out")
    func sessions() throws {
        let stage = try ControlStage(Self.scenario)
        let path = "/runtimes/b_b-ABCDEFGHIJ/invocations?accountId=123456789012"
        try stage.call(path)
        let told = stage.control("GET", "sessions").1
        let session = told["sessions"]?[0]
        #expect(told["count"] == 1 && told["space"] == "default")
        #expect(session?["state"] == "greeted" && session?["calls"] == 1 && session?["provisioning"] == false)
        #expect(session?["idleEnd"]?.text?.hasPrefix("2026-01-15T12:15:00") == true)
        #expect(stage.control("GET", "sessions", "", "X-Understudy-Space: a\r\n").1["count"] == 0)
        #expect(stage.control("PUT", "clock", #"{"advance":"16m"}"#).0 == 200)
        #expect(stage.control("GET", "sessions").1["sessions"] == [])
        #expect(stage.control("GET", "sessions?limit=0").0 == 400)
    }

    @Test("a token that somebody calls a session by is told here as little as in the journal")
    func tokenAsSession() throws {
        let stage = try ControlStage(Self.scenario)
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl"
        let field = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: \(token)\r\n"
        let path = "/runtimes/b_b-ABCDEFGHIJ/invocations?accountId=123456789012"
        #expect(try stage.call(path, fields: field).status == 200)
        let told = stage.control("GET", "sessions").1
        #expect(told["count"] == 1 && told["sessions"]?[0]?["session"] == "[redacted]")
    }

    @Test("a fault that is switched off stays armed and strikes nobody")
    func switched() throws {
        let stage = try ControlStage()
        #expect(stage.control("POST", "faults", #"{"name":"busy","fault":"error","status":503}"#).0 == 201)
        #expect(stage.control("PATCH", "faults/busy", #"{"enabled":false}"#).1["enabled"] == false)
        #expect(try stage.call().status == 200)
        #expect(stage.control("PATCH", "faults/busy", #"{"enabled":true}"#).1["enabled"] == true)
        #expect(try stage.call().status == 503)
        #expect(stage.control("PATCH", "faults/idle", #"{"enabled":true}"#).0 == 404)
        for body in ["", "{}", #"{"enabled":1}"#, #"{"enabled":true,"status":500}"#] {
            #expect(stage.control("PATCH", "faults/busy", body).0 == 400)
        }
    }
}
