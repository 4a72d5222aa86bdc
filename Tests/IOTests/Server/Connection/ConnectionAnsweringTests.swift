import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Connection, answering") struct ConnectionAnsweringTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    private func stream(every nanoseconds: Int64) -> [Step] {
        let script = FrameScript((0..<1_000).map { "data: \($0)\n\n" }, every: nanoseconds)
        return .streamed(.frames(FrameRun(script: script, start: 0, seed: 1)), .end)
    }

    @Test("a client that closes is noticed while its stream waits for a frame an hour away")
    func clientClosed() async throws {
        let server = try TestServer { _ in stream(every: 3_600_000_000_000) }
        let client = try server.client()
        client.send(Self.get)
        _ = client.receive(through: "data: 0\n\n\r\n")
        client.close()
        let report = await server.ended(1)
        #expect(report.outcome == .clientClosed)
        #expect(report.frames.microseconds.count == 1)
        _ = await server.stop()
    }

    @Test("a client that resets is noticed while it waits for its answer")
    func clientReset() async throws {
        let server = try TestServer { _ in [.wait(until: 3_600_000_000_000)] + .json("late") }
        let client = try server.client()
        client.send(Self.get)
        _ = await server.when { $0.log.count == 0 ? nil : true }
        client.reset()
        let report = await server.ended(1)
        #expect(report.outcome == .clientClosed)
        #expect(report.firstByte == nil)
        _ = await server.stop()
    }

    @Test("a client that only stopped writing still gets its whole stream")
    func halfClosed() async throws {
        let script = FrameScript(["a", "b", "c"], every: 10_000_000)
        let server = try TestServer { _ in
            [.wait(until: 20_000_000)] + .streamed(.frames(FrameRun(script: script, start: 20_000_000, seed: 1)), .end)
        }
        let client = try server.client()
        client.send(Self.get)
        client.finishWriting()
        #expect(client.receiveAnswer().body == "abc")
        #expect(client.receiveAll() == ("", .fin))
        #expect(await server.ended(1).outcome == .completed)
        _ = await server.stop()
    }

    @Test("a half-closed client that then closes is noticed as well")
    func halfClosedThenClosed() async throws {
        let server = try TestServer { _ in stream(every: 20_000_000) }
        let client = try server.client()
        client.send(Self.get)
        client.finishWriting()
        _ = client.receive(through: "data: 0\n\n\r\n")
        client.close()
        #expect(await server.ended(1).outcome == .clientClosed)
        _ = await server.stop()
    }

    @Test("an answer of 205 has no content, whatever it was to have, and the next one is read behind it")
    func resetContent() async throws {
        let server = try TestServer { request in
            request.pathText == "/a" ? .json("never", status: 205) : .json("fine")
        }
        let client = try server.client()
        client.send(Self.get)
        let empty = client.receiveAnswer()
        #expect(empty.status == 205 && empty.field("Content-Length") == "0" && empty.body.isEmpty)
        client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        let next = client.receiveAnswer()
        #expect(next.status == 200 && next.body == "fine")
        #expect(await server.ended(1).outcome == .completed)
        _ = await server.stop()
    }

    @Test("a WebSocket that expects 100 is sent it before the 101 that opens it")
    func continuedOpening() async throws {
        let server = try TestServer.emulating()
        let client = try server.client()
        client.send(
            "GET /runtimes/a_a-ABCDEFGHIJ/ws?accountId=123456789012 HTTP/1.1\r\nHost: localhost\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        client.close()
        _ = await server.stop()
    }

    @Test("what is not HTTP is refused with 400, journaled, and the client reads it though it keeps sending")
    func refused() async throws {
        var settings = ServingSettings()
        settings.timeouts.lingerQuiet = 60_000_000_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("GET /a HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n" + String(repeating: "z", count: 300_000))
        let answer = client.receiveAnswer()
        #expect(answer.status == 400)
        #expect(answer.field("Connection") == "close")
        #expect(client.receiveAll() == ("", .fin))
        let report = await server.ended(1)
        #expect(report.outcome == .refused)
        let calls = await server.stop()
        #expect(calls.count == 1 && calls[0].has(.requestHeaders))
    }

    @Test(
        "HEAD is refused without content, read whole or not, at once or one byte at a time",
        arguments: [
            "HEAD /a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", "HEAD /a HTTP/1.1\r\n\r\n",
            "HEAD /a HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", "HEAD /| HTTP/1.1\r\n",
            "HEAD /a HTTP/1.1\r\nBad Header: x\r\n", "HEAD http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        ])
    func refusedHEAD(request: String) async throws {
        let server = try TestServer { _ in .json("never") }
        let bytes = Array(request.utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            let client = try server.client()
            for piece in pieces { client.send(piece) }
            let answer = client.receiveAnswer(toHead: true)
            #expect([400, 403, 417].contains(answer.status))
            #expect(answer.field("Content-Length").flatMap { Int($0) } ?? 0 > 0)
            #expect(client.receiveAll() == ("", .fin))
        }
        _ = await server.stop()
    }

    @Test("HEAD whose head does not come in time is refused without content")
    func lateHEAD() async throws {
        var settings = ServingSettings()
        settings.timeouts.head = 20_000_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n")
        #expect(client.receiveAnswer(toHead: true).status == 408)
        #expect(client.receiveAll() == ("", .fin))
        _ = await server.stop()
    }

    @Test("a body that is too long is refused with 413 before it is sent")
    func tooLarge() async throws {
        var settings = ServingSettings()
        settings.limits.body = 1_000
        let server = try TestServer(settings: settings) { _ in .json("never") }
        let client = try server.client()
        client.send("POST /big HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
        #expect(client.receiveAnswer().status == 413)
        #expect(client.receiveAll().end == .fin)
        let calls = await server.stop()
        #expect(calls[0].path == "/big")
    }

    @Test("pipelined calls before a refused one are answered")
    func refusedLater() async throws {
        let server = try TestServer { _ in .json("fine") }
        let client = try server.client()
        client.send(Self.get + Self.get + "nonsense\r\n\r\n")
        #expect(client.receiveAnswer().body == "fine")
        #expect(client.receiveAnswer().body == "fine")
        #expect(client.receiveAnswer().status == 400)
        _ = await server.stop()
    }
}
