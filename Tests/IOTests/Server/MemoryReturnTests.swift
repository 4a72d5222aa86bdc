import EventLoop
import Testing

@testable import Server

@Suite("Giving memory back") struct MemoryReturnTests {
    @Test("once a crowd has left, and not for each that leaves")
    func crowd() throws {
        let loop = try Loop()
        let memory = MemoryReturn(loop: loop)
        for _ in 0..<2 * MemoryReturn.crowd { memory.connectionOpened() }
        for _ in 0..<2 * MemoryReturn.crowd { memory.connectionClosed() }
        for _ in 0..<100 where memory.returns == 0 { loop.turn() }
        #expect(memory.returns == 1)
        // Fewer than a crowd are not worth it: the next in turn is another.
        for _ in 1..<MemoryReturn.crowd { memory.connectionOpened() }
        for _ in 1..<MemoryReturn.crowd { memory.connectionClosed() }
        let other = MemoryReturn(loop: loop)
        for _ in 0..<MemoryReturn.crowd { other.connectionOpened() }
        for _ in 0..<MemoryReturn.crowd { other.connectionClosed() }
        for _ in 0..<100 where other.returns == 0 { loop.turn() }
        #expect(memory.returns == 1 && other.returns == 1)
    }

    @Test("connections are counted as they come and go")
    func counted() async throws {
        let server = try TestServer { _ in .json("{}") }
        let clients = try (0..<3).map { _ in try server.client() }
        await server.look(until: { $0 == 3 }) { $0.memory.count }
        for client in clients { client.close() }
        await server.look(until: { $0 == 0 }) { $0.memory.count }
        _ = await server.stop()
    }
}
