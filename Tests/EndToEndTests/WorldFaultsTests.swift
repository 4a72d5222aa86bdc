import JSON
import Support
import Testing

/// Each world together with its faults: what `fixtures/scenarios/*-faults.json` promises.
@Suite("End to end: the worlds, with their faults") struct WorldFaultsTests {
    private static func names(_ strikes: JSON.Value?) -> [String] {
        strikes?.array?.compactMap { $0["name"]?.text ?? $0.text } ?? []
    }

    @Test("the restaurant: a token that is about to expire, and one that is good; five failures, and then an answer")
    func restaurant() throws {
        let world = try World("restaurant", "restaurant-faults", agents: "us-east-1:209803798463")
        let search = "restaurant_search_agent-ABCDEFGHIJ"
        let reasoning = "restaurant_search_result_reasoning_agent-MSns5D6SLE"
        let refusal =
            #"{"message":"OAuth authorization failed: Ineffectual token, will expire within the next minute"}"#
        func token() throws -> String {
            let asked: JSON.Value = ["agent": .string(search), "expiresIn": "60m"]
            let answer = try world.serving.ask("POST", "/_understudy/tokens", body: asked.json())
            return try #require(try Value.parse(answer.body)["token"]?.text)
        }
        let old = try token()
        let refused = try world.invoke(search, ["prompt": "sushi"], token: old)
        #expect(refused.status == 403 && refused.raw.body == refusal)
        let first = try token()
        #expect(try world.invoke(search, ["prompt": "sushi"], token: first).status == 200)

        _ = try world.serving.ask("PUT", "/_understudy/clock", body: #"{"advance": "59m"}"#)
        let late = try world.invoke(search, ["prompt": "sushi"], token: first)
        #expect(late.status == 403 && late.raw.body == refusal)
        let second = try token()
        #expect(try world.invoke(search, ["prompt": "sushi"], token: second).status == 200)

        let results: JSON.Value = ["results": []]
        for _ in 1...5 {
            let failure = try world.invoke(reasoning, results, token: second)
            #expect(failure.status == 500)
            #expect(failure.raw.field("x-amzn-ErrorType")?.hasPrefix("InternalServerException") == true)
        }
        let advice = try world.invoke(reasoning, results, token: second)
        #expect(advice.status == 200 && advice.events.count == 3 && advice.raw.isWhole)
        let struck = try world.end().map { Self.names($0["faults"]) }
        #expect(
            struck == [["token about to expire"], [], [], []] + Array(repeating: ["reasoning fails"], count: 5) + [[]])
    }

    @Test(
        "the coach: a hundred people at once wait as long as the plan says, longer under load, and one of them longest")
    func coach() throws {
        let speed = 100.0
        let world = try World(
            "coach", "coach-faults", agents: "eu-west-1:732231126129",
            key: ("AKIACOACHEXAMPLE0001", "understudy/coach/example/secret/key", "eu-west-1"), speed: Int(speed))
        let planned = try world.plan(calls: 100).map { call in
            (call["strikes"]?.array ?? []).compactMap { $0["delay"]?.double }.reduce(0, +)
        }
        #expect(planned[..<20].allSatisfy { (2_000...7_000).contains($0) })
        let mean = (planned[20..<49] + planned[50...]).reduce(0, +) / 79
        #expect((9_000...11_000).contains(mean) && planned[49] == 26_000 && planned.max() == 26_000)

        let people = try (1...100).map { number in
            let client = try world.serving.client()
            client.send(
                world.invocation("coach_companion-0ZUOP04U5z", ["prompt": "hello"], session: "person-\(number)"))
            return client
        }
        for person in people {
            let answer = World.Answer(person.receiveAnswer())
            #expect(answer.status == 200 && answer.json.words.hasPrefix("Welcome!"))
        }
        let calls = try world.end()
        #expect(calls.count == 100)
        for (call, delay) in zip(calls, planned) {
            let firstByte = try #require(call["firstByte"]?.double)
            #expect(firstByte >= delay / speed, "call \(call["number"] ?? .null)")
        }
        let struck = calls.map { Self.names($0["faults"]) }
        #expect(struck.filter { $0 == ["thinking"] }.count == 20 && struck[49] == ["outlier"])
    }

    @Test("the trades: extraction fails twice, answers half a text, and then works; the others never fail")
    func trades() throws {
        let world = try World(
            "trades", "trades-faults", agents: "us-west-2:444455556666",
            key: ("AKIATRADESEXAMPLE001", "understudy/trades/example/secret/key", "us-west-2"))
        let adapted = try world.invoke("pdf_adapter_agent-Qk3Vt8LmZ2", ["document_path": "s3://in/d-1.pdf"]).json
        let answers = try (1...4).map { _ in try world.invoke("trade_extraction_agent-Yw7Rb4NcX1", adapted) }
        #expect(answers.map(\.status) == [424, 424, 200, 200])
        #expect(answers[0].raw.field("x-amzn-ErrorType")?.hasPrefix("RuntimeClientError") == true)
        #expect(answers[2].json == .null && answers[2].raw.body.hasPrefix("{"))
        #expect(answers[3].json["trade"]?["trade_id"] == "GCS-382857")
        let struck = try world.end().map { Self.names($0["faults"]) }
        #expect(struck == [[], ["extraction fails"], ["extraction fails"], ["extraction is cut short"], []])
    }

    @Test("the telephone company: 503 twice, 504 twice, then success; and a stream that breaks after its third event")
    func telco() throws {
        let world = try World(
            "telco", "telco-faults", agents: "eu-central-1:111122223333",
            key: ("AKIATELCOEXAMPLE0001", "understudy/telco/example/secret/key", "eu-central-1"))
        let customer: JSON.Value = ["customer": ["name": "Anna"]]
        let welcomes = try (1...3).map { _ in try world.invoke("customer_onboarding_agent-Lp8Xc5VnM4", customer) }
        #expect(welcomes.map(\.status) == [503, 503, 200] && welcomes[2].events.count == 10)
        let order: JSON.Value = ["order": ["id": "o-1", "plan": "fibre"]]
        let orders = try (1...3).map { _ in try world.invoke("service_provisioning_agent-Zk1Tj6RwD9", order) }
        #expect(orders.map(\.status) == [504, 504, 200] && orders[2].events.count == 6)

        let client = try world.serving.client()
        client.send(world.invocation("mwc_demo_agent-Bn2Hy7QsF5", [:]))
        let (text, end) = client.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 200 OK") && end == .reset)
        #expect(text.components("data: ") == 3 && text.hasSuffix("\n\n\r\n"))
        #expect(try world.invoke("mwc_demo_agent-Bn2Hy7QsF5", [:]).events.count == 10)
        let calls = try world.end()
        #expect(calls[6]["outcome"] == "reset" && calls[6]["frames"]?.array?.count == 3)
        #expect(calls[7]["outcome"] == "completed" && calls[7]["frames"]?.array?.count == 10)
    }
}

extension String {
    /// How often a word stands in it.
    fileprivate func components(_ word: String) -> Int { ranges(of: word).count }
}
