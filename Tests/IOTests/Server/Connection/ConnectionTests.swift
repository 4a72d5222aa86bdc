import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Connection") struct ConnectionTests {
    static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("a connection carries one call after another")
    func keepAlive() async throws {
        let server = try TestServer { .json(#"{"path":"\#($0.pathText)"}"#) }
        let client = try server.client()
        for path in ["/first", "/second", "/third"] {
            client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = client.receiveAnswer()
            #expect(answer.status == 200)
            #expect(answer.body == #"{"path":"\#(path)"}"#)
            #expect(answer.field("Connection") == nil)
            #expect(answer.field("Date")?.hasSuffix(" GMT") == true)
        }
        let calls = await server.stop()
        #expect(calls.map(\.path) == ["/first", "/second", "/third"])
        #expect(calls.allSatisfy { $0.ending?.outcome == .completed && $0.number(.inFlight) == 1 })
    }

    @Test("requests that come together are answered in their order")
    func pipelining() async throws {
        let server = try TestServer { request in
            request.pathText == "/slow" ? [.wait(until: 20_000_000)] + .json("slow") : .json(request.pathText)
        }
        let client = try server.client()
        let paths = (1...200).map { $0 % 50 == 0 ? "/slow" : "/\($0)" }
        client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
        for path in paths { #expect(client.receiveAnswer().body == (path == "/slow" ? "slow" : path)) }
        _ = await server.stop()
    }

    @Test("an answer to HEAD has a length and no body")
    func head() async throws {
        let server = try TestServer { _ in .json("12345") }
        let client = try server.client()
        client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = client.receiveAnswer(toHead: true)
        #expect(answer.field("Content-Length") == "5")
        client.send(Self.get)
        #expect(client.receiveAnswer().body == "12345")
        _ = await server.stop()
    }

    @Test("the head of a stream is all that HEAD gets, at once")
    func headOfStream() async throws {
        let run = FrameRun(script: FrameScript(["a", "b"], every: 3_600_000_000_000), start: 0, seed: 1)
        let server = try TestServer { _ in .streamed(.frames(run), .end) }
        let client = try server.client()
        client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(client.receiveAnswer(toHead: true).field("Transfer-Encoding") == "chunked")
        #expect(client.receiveAll().text.contains("Connection: close"))
        _ = await server.stop()
    }

    @Test("a client that closes after its call gets the whole answer and FIN")
    func close() async throws {
        let server = try TestServer { _ in .json("bye") }
        for request in ["GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
            let client = try server.client()
            client.send(request)
            let (text, end) = client.receiveAll()
            #expect(text.hasSuffix("Connection: close\r\n\r\nbye"))
            #expect(end == .fin)
        }
        _ = await server.stop()
    }

    @Test("1,000 connections at once are all answered")
    func manyConnections() async throws {
        let server = try TestServer { .json($0.pathText) }
        let clients = try (0..<1_000).map { _ in try server.client() }
        for (number, client) in clients.enumerated() { client.send("GET /\(number) HTTP/1.1\r\nHost: x\r\n\r\n") }
        for (number, client) in clients.enumerated() { #expect(client.receiveAnswer().body == "/\(number)") }
        let calls = await server.stop()
        #expect(calls.count == 1_000)
    }

    @Test("stopping ends a stream without the last chunk that would make it look whole")
    func stopping() async throws {
        let server = try TestServer { _ in stream(every: 3_600_000_000_000) }
        let client = try server.client()
        client.send(Self.get)
        _ = client.receive(through: "data: 0\n\n\r\n")
        let calls = await server.stop()
        #expect(client.receiveAll() == ("", .fin))
        #expect(calls[0].ending?.outcome == .closed)
    }

    private func stream(every nanoseconds: Int64) -> [Step] {
        let script = FrameScript((0..<1_000).map { "data: \($0)\n\n" }, every: nanoseconds)
        return .streamed(.frames(FrameRun(script: script, start: 0, seed: 1)), .end)
    }

    @Test("an idle connection is closed without a word")
    func idle() async throws {
        var settings = ServingSettings()
        settings.timeouts.idle = 20_000_000
        let server = try TestServer(settings: settings) { _ in .json("once") }
        let silent = try server.client()
        #expect(silent.receiveAll() == ("", .fin))
        let client = try server.client()
        client.send(Self.get)
        #expect(client.receiveAnswer().body == "once")
        #expect(client.receiveAll() == ("", .fin))
        let calls = await server.stop()
        #expect(calls.count == 1)
    }
}
