import JSON
import Support
import Testing

@Suite("End to end: the journal") struct JournalledTests {
    @Test("by the control API and by the file, of all kinds of calls, it says the same")
    func bothWays() throws {
        let world = try World("telco", agents: "eu-central-1:111122223333")
        let agent = "/runtimes/mwc_demo_agent-Bn2Hy7QsF5/invocations?accountId=111122223333"
        let serving = world.serving
        #expect(
            try serving.ask("POST", agent, fields: "amz-sdk-request: attempt=2; max=3\r\n", body: "{}").status == 200)
        #expect(try serving.ask("POST", agent, body: "no JSON \u{1}").status == 200)
        #expect(try serving.ask("GET", "/nowhere?token=s3cret&x=1").status == 404)
        #expect(
            try serving.ask("OPTIONS", agent, fields: "Origin: http://a\r\nAccess-Control-Request-Method: POST\r\n")
                .status == 200)
        let client = try serving.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        #expect(client.receiveAnswer().status == 400)
        client.close()
        #expect(try world.invoke("customer_onboarding_agent-Lp8Xc5VnM4", ["prompt": "unsigned"]).status == 403)
        let live = try world.calls()
        let kept = try world.end()
        #expect(live.count == 6 && kept.count == 6)
        for (live, kept) in zip(live, kept) { #expect(live == kept) }
        #expect(try world.journalHolds(["s3cret"]) == [])
    }

    @Test("64 connections, 50 calls on each: all answered, all in the file, their numbers dense")
    func many() async throws {
        let world = try World("built-in", agents: "us-east-1:123456789012", key: ("test", "test", "us-east-1"))
        let port = world.serving.port
        let failures = Gathered<String>()
        let requests = (0..<64).map { connection in
            (0..<50).map { number in
                world.invocation("echo_agent-ABCDEFGHIJ", ["prompt": .string("\(connection) \(number)")])
            }
        }
        let threads = requests.enumerated().map { connection, requests in
            RunningThread {
                guard let client = try? RawClient(port: port) else { return failures.add("no connection") }
                for (number, request) in requests.enumerated() {
                    client.send(request)
                    let answer = client.receiveAnswer()
                    let isEcho = answer.status == 200 && answer.body.contains("\(connection) \(number)")
                    if !isEcho { failures.add("\(connection) \(number): \(answer)") }
                }
            }
        }
        for thread in threads { await thread.ended() }
        #expect(failures.all == [])
        let calls = try world.end()
        #expect(calls.compactMap { $0["number"]?.integer } == Array(1...3_200))
        #expect(Set(calls.compactMap { $0["request"]?["body"]?.text }).count == 3_200)
        #expect(calls.allSatisfy { $0["outcome"] == "completed" && $0["status"]?.integer == 200 })
    }
}
