import JSON
import SSEWire
import Support
import Testing

@Suite("End to end: the telephone company, streaming") struct TelcoTests {
    private let world: World

    init() throws {
        world = try World(
            "telco", agents: "eu-central-1:111122223333",
            key: ("AKIATELCOEXAMPLE0001", "understudy/telco/example/secret/key", "eu-central-1"))
    }

    /// `due` and `sent` of a call's frames, in milliseconds after its arrival.
    private func frames(_ call: JSON.Value) throws -> [(due: Double, sent: Double)] {
        try #require(call["frames"]?.array).map {
            (try #require($0["due"]?.double), try #require($0["sent"]?.double))
        }
    }

    @Test("onboarding, provisioning, and every frame no earlier than it was due")
    func journey() throws {
        let welcome = try world.invoke(
            "customer_onboarding_agent-Lp8Xc5VnM4", ["customer": ["name": "Anna"]], session: "a")
        let events = try welcome.events.map { try Value.parse($0.data ?? []) }
        let words = events.compactMap { $0["event"]?["contentBlockDelta"]?["delta"]?["text"]?.text }
        #expect(words.count == 5 && words.joined() == events.last?["message"]?["content"]?[0]?["text"]?.text)
        #expect(words.joined() == "Welcome to Understudy Mobile, Anna. Which plan may I show you?")
        let order = try world.invoke("customer_onboarding_agent-Lp8Xc5VnM4", ["prompt": "fibre"], session: "a")
        let ordered = try Value.parse(try #require(order.events.last?.data))
        #expect(ordered["order"]?["plan"] == "fibre")

        let progress = try world.invoke("service_provisioning_agent-Zk1Tj6RwD9", ordered)
        let steps = progress.events
        #expect(steps.count == 6 && progress.raw.pieces.count == 6)
        #expect(steps[0].retry == 3_000 && steps[0].comment?.hasPrefix("provisioning of ") == true)
        #expect(steps[3].comment == "ping" && !steps[3].isDispatched)
        #expect(steps.compactMap(\.id) == ["1", "2", "3", "4"])
        let id = try #require(ordered["order"]?["id"]?.text)
        #expect(steps[5].text == "Order \(id)\nPlan: fibre\nReady.")

        let calls = try world.end()
        #expect(
            calls.compactMap { $0["rule"]?.text } == [
                "onboarding, first turn", "onboarding, plan chosen", "provisioning",
            ])
        let last = try frames(calls[2])
        #expect(
            zip(last, last.dropFirst()).map { (($1.due - $0.due) * 1_000).rounded() / 1_000 } == [
                150, 150, 150, 400, 150,
            ])
        for call in calls {
            let frames = try frames(call)
            #expect(frames.allSatisfy { $0.sent >= $0.due }, "\(frames)")
            #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.sent <= $1.sent })
            #expect(try #require(call["ended"]?.double) >= frames.last?.sent ?? 0)
        }
    }

    @Test("what fails half-way has said 200 already, and says so in its last event; a satellite is out of reach")
    func halfWay() throws {
        let answer = try world.invoke(
            "service_provisioning_agent-Zk1Tj6RwD9", ["order": ["id": "o", "plan": "satellite"]])
        #expect(answer.status == 200 && answer.events.last?.text?.contains("no satellite in range") == true)
        #expect(try world.invoke("service_provisioning_agent-Zk1Tj6RwD9", [:]).status == 400)
        _ = try world.end()
    }

    @Test("a client that goes away in the middle is noticed, and the journal says which frames it got")
    func gone() throws {
        let client = try world.serving.client()
        let body = "{}"
        client.send(
            "POST /runtimes/mwc_demo_agent-Bn2Hy7QsF5/invocations?accountId=111122223333 HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(client.receive(through: "\n\n").contains("200 OK"))
        client.reset()
        let asked: JSON.Value = ["match": ["outcome": "client-closed"], "atLeast": 1, "within": "20s"]
        #expect(try world.serving.ask("POST", "/_understudy/await", body: asked.json()).status == 200)
        let calls = try world.end()
        #expect(calls[0]["outcome"] == "client-closed")
        #expect(try frames(calls[0]).count < 10)
    }
}
