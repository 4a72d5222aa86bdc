import JSON
import Support
import Testing

@testable import Server
@testable import UnderstudyCLI

@Suite("The journal of a running server") struct ServerJournalTests {
    private let server: TestServer

    init() throws { server = try TestServer.emulating() }

    private func call(_ text: String) throws {
        let client = try server.client()
        let body = #"{"prompt":"\#(text)"}"#
        client.send(
            "POST /runtimes/a-ABCDEFGHIJ/invocations?accountId=123456789012 HTTP/1.1\r\nHost: localhost\r\n"
                + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: session-\(text)-0123456789012345678901234567890\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(client.receiveAnswer().status == 200)
    }

    /// Ends after so many lines, as if whoever reads had gone.
    private func journal(_ filters: [(String, String)] = [], lines: Int = .max, isJSON: Bool = true) throws
        -> (ServerJournal, Gathered<String>)
    {
        let said = Gathered<String>()
        let console = Console { _, bytes in
            said.add(String(decoding: bytes, as: UTF8.self))
            return said.all.count < lines ? 0 : 32
        }
        let client = ServerClient(try ServerAddress("http://127.0.0.1:\(server.port)"))
        let printer = CallPrinter(isJSON: isJSON, console: console)
        return (ServerJournal(client: client, filters: filters, printer: printer), said)
    }

    private func numbers(_ lines: [String]) throws -> [Int] {
        try lines.map { try #require(try Value.parse($0)["number"]?.integer) }
    }

    @Test("every call, oldest first; with filters, those that match")
    func all() async throws {
        for text in ["a", "b", "c"] { try call(text) }
        let (every, everySaid) = try journal()
        try every.printAll()
        #expect(try numbers(everySaid.all) == [1, 2, 3])
        for (filters, expected) in [
            ([("session", "session-b-*")], [2]), ([("limit", "2")], [2, 3]), ([("since", "1")], [2, 3]),
            ([("status", "5xx")], []), ([("session", "*+&=%")], []),
        ] as [([(String, String)], [Int])] {
            let (journal, said) = try journal(filters)
            try journal.printAll()
            #expect(try numbers(said.all) == expected)
        }
        _ = await server.stop()
    }

    @Test("a filter that the server does not know is told")
    func badFilter() async throws {
        #expect(throws: Failure.self) { try journal([("colour", "red")]).0.printAll() }
        _ = await server.stop()
    }

    @Test("a reader that goes after one line ends it")
    func broken() async throws {
        for text in ["a", "b"] { try call(text) }
        let (journal, said) = try journal(lines: 1)
        #expect(throws: Failure.nobodyReads) { try journal.printAll() }
        #expect(said.all.count == 1)
        _ = await server.stop()
    }

    @Test("followed: each call once, those before, during and after, and those after a reset", .timeLimit(.minutes(1)))
    func following() async throws {
        for text in ["a", "b", "c"] { try call(text) }
        let (journal, said) = try journal(lines: 8)
        let ended = Gathered<Failure>()
        let thread = RunningThread { do throws(Failure) { try journal.follow() } catch { ended.add(error) } }
        for text in ["d", "e", "f"] { try call(text) }
        // Until it listens; all before that it has from the list.
        await server.look(until: { $0 > 0 }) { $0.keeper.observerCount }
        for _ in 0..<10_000_000 where said.all.count < 6 { await Task.yield() }
        #expect(said.all.count == 6)
        let client = try server.client()
        client.send("POST /_understudy/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        #expect(client.receiveAnswer().status == 200)
        for text in ["g", "h"] { try call(text) }
        await thread.ended()
        #expect(ended.all == [.nobodyReads])
        #expect(try numbers(said.all) == [1, 2, 3, 4, 5, 6, 1, 2])
        _ = await server.stop()
    }

    @Test("followed: a server that stops ends it well", .timeLimit(.minutes(1)))
    func stopping() async throws {
        let (journal, said) = try journal()
        let ended = Gathered<Failure?>()
        let thread = RunningThread {
            do throws(Failure) { try journal.follow(); ended.add(nil) } catch { ended.add(error) }
        }
        await server.look(until: { $0 > 0 }) { $0.keeper.observerCount }
        _ = await server.stop()
        await thread.ended()
        #expect(ended.all == [nil] && said.all.isEmpty)
    }

    @Test(
        "what is no list of calls is told, after what could be read of it",
        arguments: [
            #"{"calls":[{"number":1}"#, #"{"calls":[nonsense"#, "{}", "[{\"number\":1},{nonsense}]",
        ])
    func strangers(body: String) async throws {
        let stranger = try RawServer(
            saying: Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
        let client = ServerClient(try ServerAddress("http://127.0.0.1:\(stranger.port)"))
        let printer = CallPrinter(isJSON: true, console: Console { _, _ in 0 })
        #expect(throws: Failure.self) { try ServerJournal(client: client, filters: [], printer: printer).printAll() }
        await stranger.stop()
        _ = await server.stop()
    }
}
