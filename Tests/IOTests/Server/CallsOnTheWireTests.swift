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
