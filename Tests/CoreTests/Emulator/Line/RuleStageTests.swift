import Bytes
import Delivery
import Journal
import Support
import Testing

@Suite("Rule stage") struct RuleStageTests {
    @Test("a session walks through its states; another session starts at the beginning")
    func states() throws {
        let stage = try Stage(
            script(
                """
                {"name": "first", "when": {"state": "start"}, "then": "asked", "reply": {"text": "who are you?"}},
                {"name": "second", "when": {"state": "asked"}, "reply": {"text": "hello {{payload.name}}"}}
                """))
        #expect(try stage.invoke().body == "who are you?")
        #expect(try stage.invoke(#"{"name":"Anna"}"#).body == "hello Anna")
        #expect(try stage.invoke(session: Stage.session + "-2").body == "who are you?")
    }

    @Test("a call that no rule answers is told the nearest rule and why it failed")
    func nearMiss() throws {
        let stage = try Stage(
            script(
                #"""
                {"name": "sushi", "when": {"payload": [{"path": "$.prompt", "contains": "sushi"}]},
                 "reply": {"text": "yes"}}
                """#))
        let reply = try stage.invoke(#"{"prompt":"pizza"}"#)
        #expect(reply.status == 404)
        #expect(reply.message?.contains("sushi") == true)
        #expect(reply.message?.contains("pizza") == true)
        #expect(reply.call.rule == nil)
        #expect(reply.call.isUnmatched && reply.call.why == reply.message)
        let matched = try stage.invoke(#"{"prompt":"sushi"}"#).call
        #expect(!matched.isUnmatched && matched.why == nil)
        let elsewhere = try stage.call("GET", "/nowhere").call
        #expect(!elsewhere.isUnmatched && elsewhere.why?.hasPrefix("No operation answers GET /nowhere.") == true)
    }

    @Test("why nothing matched is told in the journal without the caller's secrets")
    func secretNearMiss() throws {
        let stage = try Stage(
            script(#"{"when": {"header": {"Authorization": {"equals": "x"}}}, "reply": {"text": "yes"}}"#))
        var call = try stage.invoke("{}", [("Authorization", "Bearer very-secret-token")]).call
        call.why = "it is very-secret-token"
        let kept = CallRecord(call)
        #expect(kept.text(.why)?.contains("[redacted]") == true)
        #expect(!String(lossy: kept.bytes).contains("very-secret"))
    }

    @Test("status, headers, content type and delay are the rule's")
    func dressing() throws {
        let stage = try Stage(
            script(
                #"""
                {"reply": {"text": "a,b", "status": 201, "contentType": "text/csv", "headers": {"X-Extra": "1"},
                           "delay": "250ms"}}
                """#))
        let reply = try stage.invoke()
        #expect(reply.status == 201)
        #expect(reply.field("Content-Type") == "text/csv")
        #expect(reply.field("X-Extra") == "1")
        #expect(reply.steps.first == .wait(until: 250_000_000))
    }

    @Test("a stream is one run of frames, the first after its own delay")
    func stream() throws {
        let stage = try Stage(
            script(
                #"""
                {"reply": {"stream": {"firstAfter": "400ms", "every": "30ms",
                           "events": [{"data": "Hel"}, {"data": "lo", "after": "100ms"}]}}}
                """#))
        let reply = try stage.invoke()
        #expect(reply.field("Content-Type")?.hasPrefix("text/event-stream") == true)
        guard case .frames(let run) = reply.steps.dropFirst().first else {
            Issue.record("no frames: \(reply.steps)")
            return
        }
        #expect([run.due(0), run.due(1)] == [400_000_000, 500_000_000])
        #expect(reply.body == "data: \"Hel\"\n\ndata: \"lo\"\n\n")
        #expect(reply.steps.last == .end)
    }

    @Test("a service error has the service's status, type and text, or the rule's words")
    func serviceError() throws {
        let stage = try Stage(
            script(
                #"""
                {"when": {"call": "1"}, "reply": {"error": "ThrottlingException"}},
                {"reply": {"error": {"name": "ServiceQuotaExceededException", "message": "maxVms limit exceeded"}}}
                """#))
        let throttled = try stage.invoke()
        #expect(throttled.status == 429)
        #expect(throttled.field("x-amzn-ErrorType") == "ThrottlingException")
        let exceeded = try stage.invoke()
        #expect(exceeded.status == 402)
        #expect(exceeded.message == "maxVms limit exceeded")
    }

    @Test("an agent's own status reaches the caller as the platform's 424")
    func agentError() throws {
        let reply = try Stage(script(#"{"reply": {"agentError": 502}}"#)).invoke()
        #expect(reply.status == 424)
        #expect(
            reply.message
                == "Received error (502) from runtime. Please check your CloudWatch logs for more information.")
    }
}
