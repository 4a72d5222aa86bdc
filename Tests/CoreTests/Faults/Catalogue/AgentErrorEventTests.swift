import Testing

@Suite("agent-error-event") struct AgentErrorEventTests {
    @Test("the SDK's event after the first frame, then the normal end")
    func usual() throws {
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "agent-error-event"}"#).lines == [
                "head 200", "100ms data: one⏎⏎",
                #"200ms data: {"error": "Agent execution failed", "error_type": "RuntimeError", "message": "An error occurred during streaming"}⏎⏎"#,
                "end",
            ])
    }

    @Test("after as many frames as told, with its own words")
    func told() throws {
        let fault = #"{"fault": "agent-error-event", "frames": 3, "error": "kaputt: é", "errorType": "ValueError"}"#
        #expect(
            try Bending.bent(Bending.stream, by: fault).lines.suffix(2) == [
                #"300ms data: {"error": "kaputt: é", "error_type": "ValueError", "message": "An error occurred during streaming"}⏎⏎"#,
                "end",
            ])
        let atOnce = try Bending.bent(Bending.stream, by: #"{"fault": "agent-error-event", "frames": 0}"#)
        #expect(atOnce.lines.count == 3 && atOnce.lines[1].hasPrefix(#"100ms data: {"error""#))
    }

    @Test("an AG-UI agent sends its protocol's own event")
    func agui() throws {
        let bent = try Bending.bent(Bending.stream, by: #"{"fault": "agent-error-event"}"#, protocol: .agui)
        #expect(
            bent.lines[2]
                == #"200ms data: {"type":"RUN_ERROR","code":"AGENT_ERROR","message":"Agent execution failed"}⏎⏎"#)
    }

    @Test("a reply that is no stream, or too short a one, is left alone")
    func notApplicable() throws {
        #expect(
            try Bending.bent(Bending.json, by: #"{"fault": "agent-error-event"}"#).journal == [
                "agent-error-event (not applied: the reply is no stream: it has no frames)"
            ])
        #expect(
            try Bending.bent(Bending.stream, by: #"{"fault": "agent-error-event", "frames": 4}"#).journal == [
                "agent-error-event (not applied: the reply has only 3 frames)"
            ])
    }

    @Test("what it cannot take")
    func refused() throws {
        #expect(
            try Bending.mistakes(#"{"fault": "agent-error-event", "error_type": "x"}"#) == [
                #"error_type: "error_type" is no parameter of "agent-error-event"; did you mean "errorType"?"#
            ])
    }
}
