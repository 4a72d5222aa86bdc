import Delivery
import Recording
import Testing

@testable import Library

@Suite("Recorded calls in a scenario file") struct RecordedCallReaderTests {
    @Test("a call as a person writes it: what is left out is usual")
    func written() throws {
        let scenario = try fileHolding(
            #"""
            "recorded": [{"agent": "arn", "session": "s", "request": {"headers": {"Accept": "*/*"}, "json": {"prompt": "Hello"}},
              "reply": {"headers": {"Content-Type": "text/event-stream", "Set-Cookie": ["a=1", "b=2"]},
                "frames": [{"at": "1.5ms", "text": "data: 1\n\n"}, {"at": 2500, "base64": "8J8="}]}, "outcome": "reset"}],
            "replay": {"volatile": ["$.id"], "headers": ["X-Tenant"]}
            """#)
        let call = try #require(scenario.recorded.first)
        #expect(call.recording == nil && call.qualifier == "DEFAULT" && call.operation == "InvokeAgentRuntime")
        #expect(call.session == "s" && call.outcome == .reset && call.reply.status == 200)
        #expect(call.requestBody == Array(#"{"prompt":"Hello"}"#.utf8))
        #expect(call.reply.fields.list.map(\.name) == ["Content-Type", "Set-Cookie", "Set-Cookie"])
        #expect(
            call.reply.body
                == .frames([
                    RecordedFrame(at: 1_500, bytes: Array("data: 1\n\n".utf8)),
                    RecordedFrame(at: 2_500, bytes: [0xF0, 0x9F]),
                ]))
        #expect(call.reply.at == 1_500 && call.reply.ended == 2_500)
        #expect(scenario.replay.volatile == ["$.id"] && scenario.replay.headers == ["X-Tenant"])
    }

    @Test("a body is written so that its bytes come back: JSON where that is so, else text, else base64")
    func bodies() throws {
        for (bytes, word) in [
            (Array(#"{"a":1}"#.utf8), "json"), (Array(#"{"a": 1}"#.utf8), "spaced"), (Array(#"{"a":1 }"#.utf8), "text"),
            ([0xFF], "base64"), (Array("7".utf8), "text"),
        ] {
            var scenario = Scenario()
            scenario.recorded = [RecordedCall(agent: "a", reply: RecordedReply(body: .whole(bytes)))]
            let text = String(decoding: ScenarioFile.write(scenario), as: UTF8.self)
            #expect(text.contains("\"\(word)\":"), "\(text)")
            #expect(try fileHolding(#""recorded": [\#(scenario.recorded[0].written.json())]"#) == scenario)
        }
    }

    @Test(
        "what is wrong with one has its place",
        arguments: [
            Refused(#""recorded": [{"reply": {}}]"#, "recorded[0]", "\"agent\" is missing"),
            Refused(#""recorded": [{"agent": "a"}]"#, "recorded[0]", "\"reply\" is missing"),
            Refused(
                #""recorded": [{"agent": "a", "reply": {"frames": [{"at": "1ms"}]}}]"#, "recorded[0].reply.frames[0]",
                "the frame says nothing"),
            Refused(
                #""recorded": [{"agent": "a", "reply": {"text": "a", "json": 1}}]"#, "recorded[0].reply",
                "one of json, text, base64, not several"),
            Refused(
                #""recorded": [{"agent": "a", "reply": {"text": "a", "frames": []}}]"#, "recorded[0].reply",
                "an answer is a body or frames, not both"),
            Refused(
                #""recorded": [{"agent": "a", "reply": {}, "outcome": "lost"}]"#, "recorded[0].outcome",
                "\"lost\" is not one of completed"),
            Refused(#""replay": {"volatile": ["id"]}"#, "replay.volatile[0]", "\"id\" is not a path"),
        ])
    func refused(_ refused: Refused) { refused.isRefused() }

    @Test("serving a library twice serves its recordings once")
    func joined() throws {
        var one = Scenario()
        let call = RecordedCall(agent: "a", reply: RecordedReply(body: .whole([])))
        one.recorded = [call, call]
        #expect(one.adding(one) == one)
        var other = Scenario()
        other.recorded = [RecordedCall(agent: "b", reply: RecordedReply(body: .whole([])))]
        #expect(one.adding(other).recorded == one.recorded + other.recorded)
    }
}
