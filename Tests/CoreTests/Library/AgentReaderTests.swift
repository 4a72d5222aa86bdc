import Runtime
import Testing

@testable import Library

@Suite("Agents in files") struct AgentReaderTests {
    @Test(
        "every field of an agent is checked",
        arguments: [
            Refused(#""agents": [{}]"#, "agents[0]", #""arn" is missing"#),
            Refused(#""agents": {"arn": "*"}"#, "agents", "expected a list, found an object"),
            Refused(#""agents": [1]"#, "agents[0]", "expected an object, found a number"),
            Refused(#""agents": [{"arn": 1}]"#, "agents[0].arn", "expected a string, found a number"),
            Refused(#""agents": [{"arn": ""}]"#, "agents[0].arn", #""" is neither an agent's ARN"#),
            Refused(#""agents": [{"arn": "1agent"}]"#, "agents[0].arn", #""1agent" is neither"#),
            Refused(#""agents": [{"arn": "search agent-*"}]"#, "agents[0].arn", "the pattern"),
            Refused(
                #""agents": [{"arn": "arn:aws:bedrock-agentcore:us-east-1:1:runtime/a-ABCDEFGHIJ"}]"#, "agents[0].arn",
                #""arn:aws:bedrock-agentcore:us-east-1:1:runtime/a-ABCDEFGHIJ" is neither"#),
            Refused(
                #""agents": [{"arn": "*", "protocol": "http"}]"#, "agents[0].protocol",
                #""http" is not one of HTTP, MCP, A2A, AGUI; did you mean "HTTP"?"#),
            Refused(#""agents": [{"arn": "*", "endpoints": []}]"#, "agents[0].endpoints", "the list is empty"),
            Refused(#""agents": [{"arn": "*", "endpoints": ["a-b"]}]"#, "agents[0].endpoints[0]", #""a-b" cannot be"#),
            Refused(
                #""agents": [{"arn": "*", "endpoints": ["a", "a"]}]"#, "agents[0].endpoints",
                "an endpoint is named twice"),
            Refused(
                #""agents": [{"arn": "*", "auth": "iam"}]"#, "agents[0].auth", #""iam" is not one of sigv4, any, none"#),
            Refused(#""agents": [{"arn": "*", "auth": true}]"#, "agents[0].auth", "expected \"sigv4\""),
            Refused(#""agents": [{"arn": "*", "auth": {}}]"#, "agents[0].auth", #""jwt" is missing"#),
            Refused(
                #""agents": [{"arn": "*", "dialect": 2025}]"#, "agents[0].dialect",
                #"expected a string, found a number; write it in quotes: "2025""#),
            Refused(
                #""agents": [{"arn": "*", "session": {"idleTimeout": "15"}}]"#, "agents[0].session.idleTimeout",
                #""15" is not a duration"#),
            Refused(
                #""agents": [{"arn": "*", "session": {"coldStart": 2}}]"#, "agents[0].session.coldStart",
                #"expected a duration or {"first": …, "delay": …, "then": …}, found a number"#),
            Refused(
                #""agents": [{"arn": "*", "session": {"coldStart": {"first": 0, "delay": "1s", "then": "2s"}}}]"#,
                "agents[0].session.coldStart.first", "0 is not a whole number from 1"),
            Refused(
                #""agents": [{"arn": "*", "session": {"coldStart": {"first": 10, "delay": "1s"}}}]"#,
                "agents[0].session.coldStart", #""then" is missing"#),
            Refused(
                #""agents": [{"arn": "*", "session": {"stopTakes": "long"}}]"#, "agents[0].session.stopTakes",
                #""long" is not a duration"#),
            Refused(
                #""agents": [{"arn": "*", "limits": {"request": 15}}]"#, "agents[0].limits.request",
                "expected a string, found a number"),
            Refused(
                #""agents": [{"arn": "*", "limits": {"retryAfter": -1}}]"#, "agents[0].limits.retryAfter",
                "-1 is not a whole number from 0"),
            Refused(
                #""agents": [{"arn": "*", "session": {"idle": "15m"}}]"#, "agents[0].session.idle",
                #""idle" is not known here"#),
            Refused(
                #""agents": [{"arn": "*", "requestHeaders": ["X-Amz-Date"]}]"#, "agents[0].requestHeaders[0]",
                "the service passes no header"),
            Refused(
                #""agents": [{"arn": "*", "requestHeaders": ["a", "A"]}]"#, "agents[0].requestHeaders",
                "a header is named twice"),
            Refused(
                #""agents": [{"arn": "*", "requestHeaders": ["1x"]}]"#, "agents[0].requestHeaders[0]",
                #""1x" cannot be"#),
            Refused(
                #""agents": [{"arn": "*", "forward": "127.0.0.1:8080"}]"#, "agents[0].forward",
                #""127.0.0.1:8080" is not the address"#),
            Refused(
                #""agents": [{"arn": "*", "forward": "http://"}]"#, "agents[0].forward",
                #""http://" is not the address"#),
        ])
    func refused(refused: Refused) { refused.isRefused() }

    @Test("what takes time, and what is limited, in each of its spellings")
    func times() throws {
        let agents = try fileHolding(
            #"""
            "agents": [{"arn": "a-ABCDEFGHIJ",
              "session": {"coldStart": {"first": 10, "delay": "0.4s", "then": "2s"}, "stopTakes": "3.4s"},
              "limits": {"request": "15m", "stream": "60m", "retryAfter": 2}},
              {"arn": "*", "session": {"coldStart": "1.8s"}, "limits": {"retryAfter": "1.5s"}}]
            """#
        ).agents
        #expect(agents[0].session?.coldStart == .ordinal(first: 10, .milliseconds(400), then: .seconds(2)))
        #expect(agents[0].session?.stopTakes == .milliseconds(3_400))
        #expect(
            agents[0].limits == ServiceLimits(request: .seconds(900), stream: .seconds(3_600), retryAfter: .seconds(2)))
        #expect(agents[1].session?.coldStart == .always(.milliseconds(1_800)))
        #expect(agents[1].limits?.retryAfter == .milliseconds(1_500))
        #expect(
            agents[0].written.json()
                == #"{"arn":"a-ABCDEFGHIJ","session":{"coldStart":{"first":10,"delay":"400ms","then":"2s"},"#
                + #""stopTakes":"3400ms"},"limits":{"request":"15m","stream":"1h","retryAfter":"2s"}}"#)
    }

    @Test("ids, ARNs and patterns name agents; the ways in are four")
    func accepted() throws {
        let agents = try fileHolding(
            #"""
            "agents": [{"arn": "*", "auth": "any"}, {"arn": "search_agent-ABCDEFGHIJ", "auth": "none", "endpoints": ["*"]},
              {"arn": "arn:aws-cn:bedrock-agentcore:cn-north-1:209803798463:runtime/a-ABCDEFGHIJ", "auth": "sigv4"},
              {"arn": "arn:aws:bedrock-agentcore:*", "protocol": "AGUI", "dialect": "2026"}]
            """#
        ).agents
        #expect(agents.map(\.auth) == [.any, Auth.none, .sigv4, nil])
        #expect(agents[3].protocol == .agui && agents[3].dialect == .y2026 && agents[1].endpoints == ["*"])
    }
}
