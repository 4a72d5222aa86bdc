import JSON
import SSEWire
import Testing

@Suite("The telco world") struct TelcoTests {
    private func frames(_ talk: Conversation, _ body: String) throws -> [String] {
        guard case .stream(let script, _) = talk.ask(body).reply?.body else { return [] }
        return script.frames.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(
        "onboarding streams a Strands agent's events, its words in pieces and once more as a whole, and the order at the end"
    )
    func onboarding() throws {
        let talk = try World.conversation("telco", with: "customer_onboarding_agent-Lp8Xc5VnM4")
        let welcome = try frames(talk, #"{"customer": {"name": "Anna"}}"#)
        #expect(
            welcome[3]
                == "data: {\"event\": {\"contentBlockDelta\": {\"delta\": {\"text\": \"Anna. \"}, \"contentBlockIndex\": 0}}}\n\n"
        )
        #expect(
            welcome.last
                == "data: {\"message\": {\"role\": \"assistant\", \"content\": [{\"text\": "
                + "\"Welcome to Understudy Mobile, Anna. Which plan may I show you?\"}]}}\n\n")
        #expect(talk.rule(#"{"prompt": "What?"}"#) == "onboarding, anything else")
        let ordered = try frames(talk, #"{"prompt": "fibre"}"#)
        #expect(ordered.count == 8 && ordered[7].contains(#""plan": "fibre""#) && talk.state == "ordered")
    }

    @Test("provisioning shows progress with ids, comments, retry and several lines")
    func provisioning() throws {
        let talk = try World.conversation("telco", with: "service_provisioning_agent-Zk1Tj6RwD9")
        let frames = try frames(talk, #"{"order": {"id": "o-1", "plan": "fibre"}}"#)
        #expect(frames[0] == ": provisioning of o-1\nretry: 3000\n\n" && frames[3] == ": ping\n\n")
        #expect(frames[1] == "event: progress\nid: 1\ndata: {\"step\": \"credit check\", \"percent\": 25}\n\n")
        #expect(frames[5] == "event: summary\nid: 4\ndata: Order o-1\ndata: Plan: fibre\ndata: Ready.\n\n")
        #expect(try self.frames(talk, #"{"order": {"plan": "satellite"}}"#).last?.contains("ProvisioningError") == true)
        #expect(talk.text("{}") == "ValidationException: ")
    }

    @Test("the booth sends a Strands agent's events, Python's leftovers too")
    func booth() throws {
        let talk = try World.conversation("telco", with: "mwc_demo_agent-Bn2Hy7QsF5")
        let frames = try frames(talk, #"{"prompt": "hi"}"#)
        #expect(frames.count == 10 && frames[4].hasPrefix("data: \"{'data': 'Hello from '"))
        for frame in frames {
            #expect(frame.hasPrefix("data: ") && frame.hasSuffix("\n\n"))
            #expect(throws: Never.self) { try JSON.Value.parse(String(frame.dropFirst("data: ".count).dropLast(2))) }
        }
    }
}
