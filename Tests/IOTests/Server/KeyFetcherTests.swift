import Access
import Delivery
import EventLoop
import Support
import Testing

@testable import Server

@Suite("Key fetcher") struct KeyFetcherTests {
    /// Waits on a loop for its turn.
    private final class Waiter: Watcher {
        var onTurn: () -> Void = {}

        func takeTurn() { onTurn() }
    }

    /// Fetches from `waiters` sides at once, and returns what was learnt and how often somebody was told.
    static func fetch(
        _ url: String, waiters: Int = 1, timeout: Int64 = 5_000_000_000
    ) throws -> (learnt: [Result<[UInt8], FetchFailure>], told: Int) {
        let loop = try Loop()
        var learnt: [Result<[UInt8], FetchFailure>] = []
        var told = 0
        let fetcher = KeyFetcher(client: HTTPClient(loop: loop), timeout: timeout) { _, content in
            learnt.append(content)
        }
        for _ in 0..<waiters {
            let waiter = Waiter()
            waiter.onTurn = {
                told += 1
                if told == waiters { loop.stop() }
            }
            fetcher.fetch(url, for: try loop.add(waiter))
        }
        loop.run()
        return (learnt, told)
    }

    @Test("many who need one document wait for one fetch")
    func shared() async throws {
        let server = try TestServer { _ in [.wait(until: 5_000_000)] + .json(#"{"keys":[]}"#) }
        let (learnt, told) = try Self.fetch("http://127.0.0.1:\(server.port)/keys", waiters: 50)
        #expect(told == 50)
        #expect(learnt.map { try? $0.get() } == [Array(#"{"keys":[]}"#.utf8)])
        let calls = await server.stop()
        #expect(calls.map(\.path) == ["/keys"])
        #expect(calls[0].json["request"]?["headers"]?["Host"]?.text == "127.0.0.1:\(server.port)")
    }

    @Test("a URL that cannot be fetched fails at once")
    func refused() throws {
        let (learnt, told) = try Self.fetch("http://a@b/keys", waiters: 2)
        #expect(told == 2)
        for content in learnt { #expect(throws: FetchFailure.self) { try content.get() } }
    }
}
