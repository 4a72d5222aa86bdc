import JSON
import Support
import Testing

@testable import Server

@Suite("Calls") struct CallsOnTheWireTests {
    @Test("the journal is listed, filtered, and read by number")
    func list() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        for _ in 0..<3 { #expect(client.call().status == 200) }
        #expect(client.call("/nowhere").status == 404)
        let (status, all) = client.control("GET", "calls")
        #expect(status == 200)
        #expect(all["calls"]?.array?.compactMap { $0["number"]?.integer } == [1, 2, 3, 4])
        #expect(all["calls"]?[0]?["outcome"] == "completed")
        #expect(client.control("GET", "calls?status=4xx").1["calls"]?.array?.count == 1)
        #expect(client.control("GET", "calls?since=2&limit=1").1["calls"]?[0]?["number"] == 4)
        #expect(client.control("GET", "calls/2").1["number"] == 2)
        #expect(client.control("GET", "calls/9").0 == 404)
        #expect(client.control("GET", "calls/x").0 == 400)
        _ = await server.stop()
    }

    @Test("a query that cannot be meant is refused", arguments: ["color=red", "limit=0", "status=9", "agent=%zz", "x"])
    func badQueries(query: String) async throws {
        let server = try TestServer.emulating()
        let (status, answer) = try server.client().control("GET", "calls?\(query)")
        #expect(status == 400)
        #expect(answer["error"]?.text != nil)
        _ = await server.stop()
    }

    @Test("a long journal is listed whole")
    func long() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        for _ in 0..<500 { client.call("/nowhere") }
        let numbers = client.control("GET", "calls").1["calls"]?.array?.compactMap { $0["number"]?.integer }
        #expect(numbers == Array(1...500))
        _ = await server.stop()
    }

    @Test("who asks for a long journal and does not read holds back no more than a piece of it")
    func notRead() async throws {
        let server = try TestServer.emulating()
        let caller = try server.client()
        let body = #"{"prompt":"\#(String(repeating: "x", count: 16_000))"}"#
        for _ in 0..<400 {
            caller.send(
                "POST /runtimes/a_a-ABCDEFGHIJ/invocations?accountId=123456789012 HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(caller.receiveAnswer().status == 200)
        }
        let readers = try (0..<8).map { _ in try server.client(receiveBuffer: 4_096) }
        for reader in readers { reader.send("GET /_understudy/calls HTTP/1.1\r\nHost: localhost\r\n\r\n") }
        let held = await server.look(until: { $0.blocked == readers.count }) { service in
            let waiting = service.loop.watchers.compactMap { $0 as? Connection }.filter(\.transport.isBlocked)
            return (blocked: waiting.count, bytes: waiting.map(\.transport.unsent).reduce(0, +))
        }
        // The journal has 400 times as much as one call, and a piece ends with the call that fills it.
        #expect(held.bytes <= readers.count * 64 * 1_024)
        #expect(caller.control("GET", "health").0 == 200)
        for reader in readers { reader.close() }
        _ = await server.stop()
    }

    @Test(
        "a journal too long for one turn of the loop is looked through by a neighbour, and the call is told of like any"
    )
    func longForNeighbours() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        for _ in 0..<2 * SoughtAnswer.looks + 10 { client.call("/nowhere") }
        client.call()
        func ask(_ operation: String, _ body: String) -> (status: Int, json: Value?) {
            client.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Logs_20140328.\(operation)\r\n"
                    + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = client.receiveAnswer()
            return (answer.status, try? Value.parse(answer.body))
        }
        let turns = await server.look { $0.loop.turns }
        let groups = ask("DescribeLogGroups", "{}")
        #expect(await server.look { $0.loop.turns } >= turns + 3)
        #expect(groups.status == 200)
        let name = try #require(groups.json?["logGroups"]?[0]?["logGroupName"]?.text)
        let streams = ask("DescribeLogStreams", #"{"logGroupName":"\#(name)"}"#)
        #expect(streams.json?["logStreams"]?.array?.count == 1)
        #expect(ask("FilterLogEvents", #"{"logGroupName":"/none"}"#).status == 400)
        let told = client.control("GET", "calls?operation=*Log*").1["calls"]?.array ?? []
        #expect(told.compactMap { $0["status"]?.integer } == [200, 200, 400])
        #expect(told.compactMap { $0["outcome"]?.text } == ["completed", "completed", "completed"])
        #expect(told.last?["why"]?.text?.contains("/none") == true)
        _ = await server.stop()
    }

    @Test("who leaves while the journal is looked through is missed by nobody")
    func leavingTheSearch() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        for _ in 0..<2 * SoughtAnswer.looks { client.call("/nowhere") }
        let leaver = try server.client()
        leaver.send(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Logs_20140328.DescribeLogGroups\r\nContent-Length: 2\r\n\r\n{}"
        )
        leaver.reset()
        await server.look(until: { $0 == 0 }) { $0.inFlight }
        #expect(client.control("GET", "health").0 == 200)
        _ = await server.stop()
    }

    @Test("deleting forgets the calls and goes on counting")
    func deleting() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.call()
        #expect(client.control("DELETE", "calls").1["deleted"] == 1)
        #expect(client.control("GET", "calls").1["calls"]?.array?.isEmpty == true)
        client.call()
        #expect(client.control("GET", "calls").1["calls"]?[0]?["number"] == 2)
        _ = await server.stop()
    }
}
