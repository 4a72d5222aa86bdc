import Delivery
import HTTPWire
import Support
import Testing

@testable import Server

@Suite("Requests that a proxy passes on") struct ProxiedAnswerTests {
    /// Says who it is and what came to it.
    private static func origin(_ name: String) throws -> TestServer {
        try TestServer { request in
            .json("\(name) got \(String(decoding: request.head + request.body, as: UTF8.self))")
        }
    }

    private static func raw(_ text: String) throws -> RawServer { try RawServer(saying: Array(text.utf8)) }

    private static func proxy() throws -> SecuredServer { try SecuredServer { $0.passesOthers = true } }

    private static func get(_ port: UInt16, _ path: String, _ fields: String = "") -> String {
        "GET http://127.0.0.1:\(port)\(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(fields)\r\n"
    }

    private static let own = "GET /_understudy/health HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test("each request on a connection goes where its own target says, also when they are sent together")
    func routed() async throws {
        let (a, b, proxy) = (try Self.origin("a"), try Self.origin("b"), try Self.proxy())
        let client = try proxy.server.client()
        client.send(Self.get(a.port, "/1") + Self.get(b.port, "/2", "Authorization: Bearer b\r\n") + Self.own)
        #expect(client.receiveAnswer().body.hasPrefix("a got GET /1 HTTP/1.1\r\n"))
        #expect(client.receiveAnswer().body.hasPrefix("b got GET /2 HTTP/1.1\r\n"))
        let health = client.receiveAnswer()
        #expect(health.status == 200 && !health.body.contains(" got "))
        for (port, name) in [(b.port, "b"), (a.port, "a")] {
            client.send(Self.get(port, "/3"))
            #expect(client.receiveAnswer().body.hasPrefix("\(name) got GET /3 HTTP/1.1\r\n"))
        }
        client.send(Self.own)
        #expect(client.receiveAnswer().status == 200)
        #expect(await proxy.server.stop().isEmpty)
        #expect(await a.stop().count == 2)
        #expect(await b.stop().count == 2)
    }

    @Test("what another server says behind its answer reaches nobody")
    func behindAnswer() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
        let (talker, b, proxy) = (try Self.raw(answer + "ok" + answer + "no"), try Self.origin("b"), try Self.proxy())
        let client = try proxy.server.client()
        client.send(Self.get(talker.port, "/") + Self.get(b.port, "/"))
        #expect(client.receiveAnswer().body == "ok")
        #expect(client.receiveAnswer().body.hasPrefix("b got "))
        await talker.stop()
        _ = await proxy.server.stop()
        _ = await b.stop()
    }

    @Test("an answer is over when its content is, though the other server keeps its connection")
    func keptOpen() async throws {
        let silent = try TestServer { _ in
            [.head(ResponseHead(status: 200, fields: FieldBlock(), length: .known(2))), .body(Array("ok".utf8)), .hang]
        }
        let proxy = try Self.proxy()
        let client = try proxy.server.client()
        for _ in 0..<2 {
            client.send(Self.get(silent.port, "/"))
            #expect(client.receiveAnswer().body == "ok")
        }
        _ = await proxy.server.stop()
        _ = await silent.stop()
    }

    @Test("the other server is told its own host, that the connection ends, and nothing that is meant for the proxy")
    func requestFields() async throws {
        let (origin, proxy) = (try Self.origin("a"), try Self.proxy())
        let client = try proxy.server.client()
        client.send(
            "GET http://127.0.0.1:\(origin.port)/a?q HTTP/1.1\r\nHost: other\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                + "TE: trailers\r\nUpgrade: h2c\r\nProxy-Authorization: Basic eDp5\r\nAccept: */*\r\n\r\n")
        #expect(
            client.receiveAnswer().body.split(separator: "\r\n") == [
                "a got GET /a?q HTTP/1.1", "Host: 127.0.0.1:\(origin.port)", "Accept: */*", "Via: 1.1 understudy",
                "Connection: close",
            ])
        _ = await proxy.server.stop()
        _ = await origin.stop()
    }

    @Test("an answer keeps its fields but those of its connection, and tells through whom it came")
    func answerFields() async throws {
        let origin = try Self.raw(
            "HTTP/1.1 404 Not Found\r\nServer: other\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: X-Hop\r\n"
                + "X-Hop: 1\r\nX-Kept: 1\r\nContent-Length: 4\r\n\r\nnone")
        let proxy = try Self.proxy()
        let client = try proxy.server.client()
        client.send(Self.get(origin.port, "/"))
        let answer = client.receiveAnswer()
        #expect(
            answer.head.split(separator: "\r\n") == [
                "HTTP/1.1 404 Not Found", "Server: other", "Date: Thu, 01 Jan 2026 00:00:00 GMT", "X-Kept: 1",
                "Via: 1.1 understudy", "Content-Length: 4",
            ])
        #expect(answer.body == "none")
        await origin.stop()
        #expect(await proxy.server.stop().isEmpty)
    }

    @Test("a client of HTTP/1.0 sees no chunks, and need not name the host twice")
    func oldClient() async throws {
        let origin = try TestServer { request in .streamed(.body(Array(request.host ?? [])), .body([0x2E]), .end) }
        let proxy = try Self.proxy()
        let client = try proxy.server.client()
        client.send("GET http://127.0.0.1:\(origin.port)/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let (text, end) = client.receiveAll()
        #expect(!text.contains("Transfer-Encoding") && text.contains("\r\nConnection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\n127.0.0.1:\(origin.port).") && end == .fin)
        _ = await proxy.server.stop()
        _ = await origin.stop()
    }

    @Test("content goes on with its length, in whatever way it came and also when there is none")
    func content() async throws {
        let (origin, proxy) = (try Self.origin("a"), try Self.proxy())
        let client = try proxy.server.client()
        let line = "POST http://127.0.0.1:\(origin.port)/ HTTP/1.1\r\nHost: a\r\n"
        client.send("\(line)Content-Length: 0\r\n\r\n")
        #expect(client.receiveAnswer().body.contains("\r\nContent-Length: 0\r\n"))
        client.send("\(line)Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
        let body = client.receiveAnswer().body
        #expect(body.contains("\r\nContent-Length: 6\r\n") && body.hasSuffix("onetwo"))
        _ = await proxy.server.stop()
        _ = await origin.stop()
    }

    @Test("an https target in clear is refused with a sentence, and goes nowhere")
    func inClear() async throws {
        let (origin, proxy) = (try Self.origin("a"), try Self.proxy())
        let client = try proxy.server.client()
        client.send(Self.get(origin.port, "/").replacing("http://", with: "https://"))
        let answer = client.receiveAnswer()
        #expect(answer.status == 400 && answer.body.contains("CONNECT"))
        #expect(await proxy.server.stop().count == 1)
        #expect(await origin.stop().isEmpty)
    }

    @Test("OPTIONS without a path asks for the server, and what may go no further is answered here")
    func forwards() async throws {
        let (origin, proxy) = (try Self.origin("a"), try Self.proxy())
        let client = try proxy.server.client()
        let target = "http://127.0.0.1:\(origin.port) HTTP/1.1\r\nHost: a\r\nMax-Forwards: "
        client.send("OPTIONS \(target)2\r\n\r\n")
        let body = client.receiveAnswer().body
        #expect(body.hasPrefix("a got OPTIONS * HTTP/1.1\r\n") && body.contains("\r\nMax-Forwards: 1\r\n"))
        client.send("OPTIONS \(target)0\r\n\r\n")
        let last = client.receiveAnswer()
        #expect(last.status == 200 && last.field("Content-Length") == "0")
        client.send("TRACE \(target)0\r\n\r\n")
        #expect(client.receiveAnswer().status == 501)
        _ = await proxy.server.stop()
        #expect(await origin.stop().count == 1)
    }

    @Test("a server that cannot be reached, or gives no answer, is told with 502, and what it cuts short is cut short")
    func failures() async throws {
        let (rude, cutting, proxy) = (
            try Self.raw("220 not HTTP\r\n"), try Self.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
            try Self.proxy()
        )
        let cut = try proxy.server.client()
        cut.send(Self.get(cutting.port, "/"))
        let (text, end) = cut.receiveAll()
        #expect(text.hasSuffix("\r\n\r\nhalf") && end == .fin)
        await cutting.stop()
        for port in [rude.port, cutting.port] {
            let client = try proxy.server.client()
            client.send(Self.get(port, "/"))
            let answer = client.receiveAnswer()
            #expect(answer.status == 502 && answer.body.contains("127.0.0.1:\(port)"))
        }
        await rude.stop()
        #expect(await proxy.server.stop().count == 2)
    }
}
