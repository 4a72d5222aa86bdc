import JSON
import Support
import Testing

@testable import Server

@Suite("Calls, live") struct CallsStreamTests {
    @Test("every call is told when it arrives and when it has ended, in order")
    func live() async throws {
        let server = try TestServer.emulating()
        let listener = try server.client()
        listener.send("GET /_understudy/calls/stream?status=200 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(listener.receive(through: "calls from now on\n\n\r\n").contains("Content-Type: text/event-stream"))
        let client = try server.client()
        client.call()
        client.call("/nowhere")
        client.call()
        var told: [String] = []
        for _ in 0..<4 {
            let event = listener.receive(through: "\n\n\r\n").split(whereSeparator: \.isNewline)
            let call = try Value.parse(String(#require(event.first { $0.hasPrefix("data: ") }).dropFirst(6)))
            let name = try #require(event.first { $0.hasPrefix("event: ") }).dropFirst(7)
            told.append("\(name) \(try #require(call["number"]?.integer))")
            #expect((call["outcome"] == .null) == (name == "arrived" && call["ended"] == .null))
        }
        #expect(told == ["arrived 1", "ended 1", "arrived 3", "ended 3"])
        _ = await server.stop()
    }

    @Test("HEAD of the stream is answered by its head alone, and the connection goes on")
    func headOfStream() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.send("HEAD /_understudy/calls/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = client.receiveAnswer(toHead: true)
        #expect(answer.status == 200 && answer.field("Content-Type") == "text/event-stream")
        #expect(client.control("GET", "health").0 == 200)
        #expect(await server.look { $0.keeper.observerCount } == 0)
        _ = await server.stop()
    }

    @Test("a listener that goes away is forgotten")
    func leaving() async throws {
        let server = try TestServer.emulating()
        let listener = try server.client()
        listener.send("GET /_understudy/calls/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        _ = listener.receive(through: "calls from now on\n\n\r\n")
        #expect(await server.look { $0.keeper.observerCount } == 1)
        listener.close()
        await server.look(until: { $0 == 0 }) { $0.keeper.observerCount }
        #expect(try server.client().call().status == 200)
        _ = await server.stop()
    }
}
