import JSON
import Store
import Support
import Testing

@testable import Server

@Suite("Calls that are in the journal's file alone") struct WrittenCallsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A server whose memory holds three calls.
    private func server(limit: Int? = nil, _ scenario: String? = nil) throws -> TestServer {
        var settings = ServingSettings()
        settings.heldBesideFile = 3
        let writer = try JournalWriter(path: folder.path("j.sqlite"), limit: limit) { Issue.record("\($0)") }
        return try scenario.map { try TestServer.emulating($0, settings: settings, journal: writer) }
            ?? TestServer.emulating(settings: settings, journal: writer)
    }

    private func numbers(_ answer: (Int, Value)) -> [Int] {
        answer.1["calls"]?.array?.compactMap { $0["number"]?.integer } ?? []
    }

    @Test("they are listed, filtered, told by number and judged as the others are")
    func asked() async throws {
        let server = try server()
        let client = try server.client()
        for number in 1...20 { client.call(number % 5 == 0 ? "/nowhere" : "/runtimes/a_a-ABCDEFGHIJ/invocations") }
        let all = client.control("GET", "calls")
        #expect(numbers(all) == Array(1...20) && all.1["dropped"] == 0)
        #expect(numbers(client.control("GET", "calls?limit=6")) == Array(15...20))
        #expect(numbers(client.control("GET", "calls?status=404&until=15")) == [5, 10, 15])
        #expect(numbers(client.control("GET", "calls?since=16&as=summary")) == [17, 18, 19, 20])
        let (status, first) = client.control("GET", "calls/1")
        #expect(status == 200 && first["number"] == 1 && first["outcome"] == "completed")
        #expect(first["request"]?["body"] == #"{"prompt":"yes"}"#)
        client.send("GET /_understudy/calls/2?as=curl HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.receiveAnswer().body.hasPrefix("curl "))
        #expect(client.control("GET", "calls/1?as=nothing").0 == 400)
        for number in ["0", "21", "99"] { #expect(client.control("GET", "calls/\(number)").0 == 404) }
        #expect(client.control("GET", "health").1["journal"]?["calls"] == 20)
        let seen = client.control("POST", "await", #"{"match":{"status":404},"atLeast":4,"inFlight":0}"#)
        #expect(seen.0 == 200 && seen.1["count"] == 4)
        let verdict = client.control("POST", "verify", #"{"expect":[{"name":"n","calls":{"count":20,"match":{}}}]}"#)
        #expect(verdict.1["verdict"] == "pass", "\(verdict.1)")
        _ = await server.stop()
    }

    @Test("one of a space is not told through another's address")
    func spaces() async throws {
        let server = try server()
        let client = try server.client()
        client.call("/_space/a/nowhere")
        for _ in 0..<5 { client.call("/_space/b/nowhere") }
        for (path, status) in [("a", 200), ("b", 404)] {
            client.send("GET /_space/\(path)/_understudy/calls/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(client.receiveAnswer().status == status)
        }
        _ = await server.stop()
    }

    @Test("one that still runs is waited for")
    func running() async throws {
        let scenario = """
            {"understudy": 1, "agents": [{"arn": "*", "auth": "any"}], "rules": [{"reply": {"text": "x"}}],
             "faults": [{"name": "h", "on": {"calls": "1"}, "fault": "hang"}]}
            """
        let server = try server(scenario)
        let (hanging, client) = (try server.client(), try server.client())
        hanging.sendCall()
        await server.when { $0.log.record(of: 1).map { _ in () } }
        for _ in 0..<5 { client.call() }
        let late = client.control("POST", "await", #"{"atLeast":6,"inFlight":0,"within":"50ms"}"#)
        #expect(late.0 == 408 && late.1["inFlight"] == 1)
        let waiter = RunningThread { hanging.close() }
        let seen = client.control("POST", "await", #"{"atLeast":6,"inFlight":0,"within":"30s"}"#)
        #expect(seen.0 == 200 && seen.1["count"] == 6 && seen.1["inFlight"] == 0)
        await waiter.ended()
        #expect(client.control("GET", "calls/1").1["outcome"] == "hung")
        _ = await server.stop()
    }

    @Test("what was forgotten is not found in the file, and what the file lets go is counted")
    func forgotten() async throws {
        let server = try server(limit: 5)
        let client = try server.client()
        for _ in 0..<8 { client.call() }
        let all = client.control("GET", "calls")
        #expect(numbers(all) == Array(4...8) && all.1["dropped"] == 3)
        #expect(client.control("GET", "calls/1").0 == 404)
        #expect(client.control("DELETE", "calls").1["deleted"] == 5)
        for _ in 0..<4 { client.call() }
        #expect(numbers(client.control("GET", "calls")) == Array(9...12))
        #expect(client.control("GET", "calls/8").0 == 404)
        #expect(client.control("POST", "reset", "{}").0 == 200)
        for _ in 0..<4 { client.call() }
        #expect(numbers(client.control("GET", "calls")) == Array(1...4))
        _ = await server.stop()
    }

    @Test("a server that stops while it reads leaves one file")
    func stopping() async throws {
        let server = try server()
        let client = try server.client()
        for _ in 0..<50 { client.call() }
        client.send("GET /_understudy/calls HTTP/1.1\r\nHost: localhost\r\n\r\n")
        _ = await server.stop()
        #expect(try folder.names == ["j.sqlite"])
    }
}
