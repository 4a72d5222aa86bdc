import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Connection, reading") struct ConnectionReadingTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    static func post(_ body: String, _ fields: String = "") -> String {
        "POST /a HTTP/1.1\r\nHost: x\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("a request may come one byte at a time")
    func byteAtATime() async throws {
        let server = try TestServer { .json(String(decoding: $0.body, as: UTF8.self)) }
        let client = try server.client()
        for byte in Array((Self.post("hello") + Self.post("again")).utf8) { client.send([byte]) }
        #expect(client.receiveAnswer().body == "hello")
        #expect(client.receiveAnswer().body == "again")
        _ = await server.stop()
    }

    @Test("a client that asks first is told to go on, once, and before its body is there")
    func continues() async throws {
        let server = try TestServer { .json(String(decoding: $0.body, as: UTF8.self)) }
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("hello")
        #expect(client.receiveAnswer().body == "hello")
        client.send(Self.post("prompt", "Expect: 100-continue\r\n"))
        #expect(client.receiveAnswer().body == "prompt")
        _ = await server.stop()
    }

    @Test("an upload may be chunked, and large")
    func upload() async throws {
        let bodies = Gathered<[UInt8]>()
        let server = try TestServer {
            bodies.add($0.body)
            return .json("\($0.body.count)")
        }
        let client = try server.client()
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        #expect(client.receiveAnswer().body == "11")
        let megabytes = [UInt8](repeating: 0x61, count: 5_000_000)
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(megabytes.count)\r\n\r\n")
        client.send(megabytes)
        #expect(client.receiveAnswer().body == "5000000")
        _ = await server.stop()
        #expect(bodies.all[1] == megabytes)
    }

    @Test("a head that dribbles in is given up, however steadily")
    func slowHead() async throws {
        var settings = ServingSettings()
        settings.timeouts.head = 50_000_000
        settings.timeouts.linger = 10_000_000
        settings.limits.head = 1 << 30
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\n")
        let writer = RunningThread { _ = (0..<1_000_000).allSatisfy { _ in client.send("a") } }
        let (text, _) = client.receiveAll()
        await writer.ended()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        _ = await server.stop()
    }

    @Test("a head that stops halfway is refused with 408")
    func stoppedHead() async throws {
        var settings = ServingSettings()
        settings.timeouts.head = 20_000_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHo")
        #expect(client.receiveAnswer().status == 408)
        #expect(client.receiveAll().end == .fin)
        #expect(await server.ended(1).outcome == .refused)
        _ = await server.stop()
    }

    @Test("a body that stops halfway is refused with 408")
    func stoppedBody() async throws {
        var settings = ServingSettings()
        settings.timeouts.body = 20_000_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
        #expect(client.receiveAnswer().status == 408)
        let calls = await server.stop()
        #expect(calls[0].path == "/half")
    }

    @Test("half a head and then the end is no call")
    func truncated() async throws {
        let server = try TestServer { _ in .json("never") }
        for part in ["", "GET", "POST / HTTP/1.1\r\nHost: x\r\nContent-Le"] {
            let client = try server.client()
            client.send(part)
            client.finishWriting()
            #expect(client.receiveAll() == ("", .fin))
        }
        #expect(await server.stop().isEmpty)
    }

    private static let halfBody = "POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello"

    @Test("a client that leaves in the middle of a body has an entry", arguments: [true, false])
    func leftMidBody(resets: Bool) async throws {
        let server = try TestServer { _ in .json("never") }
        let client = try server.client()
        client.send(Self.halfBody)
        await server.look(until: { $0 == 5 }) { service in
            service.loop.watchers.compactMap { ($0 as? Connection)?.held.count }.reduce(0, +)
        }
        if resets { client.reset() } else { client.close() }
        #expect(await server.ended(1).outcome == .clientClosed)
        let calls = await server.stop()
        #expect(calls.map(\.path) == ["/half"])
    }

    @Test("one that only ends what it says is told, and has an entry")
    func endedMidBody() async throws {
        let server = try TestServer { _ in .json("never") }
        let client = try server.client()
        client.send(Self.halfBody)
        client.finishWriting()
        let answer = client.receiveAnswer()
        #expect(answer.status == 400)
        #expect(answer.body == "The connection ended in the middle of the request's body.")
        #expect(await server.ended(1).outcome == .refused)
        _ = await server.stop()
    }

    @Test("a body that trickles is cut though no pause in it is long")
    func trickles() async throws {
        var settings = ServingSettings()
        (settings.timeouts.body, settings.timeouts.bodyRate) = (200_000_000, 1 << 40)
        settings.timeouts.linger = 10_000_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n")
        let writer = RunningThread { while client.send("a") {} }
        let (text, _) = client.receiveAll()
        await writer.ended()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        _ = await server.stop()
    }
}
