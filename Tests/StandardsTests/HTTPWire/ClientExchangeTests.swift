import HTTPWire
import Support
import Testing

@Suite("ClientExchange") struct ClientExchangeTests {
    /// One that has sent its request.
    private func reading(answeringHead: Bool = false) -> ClientExchange {
        var exchange = ClientExchange(answeringHead: answeringHead, limits: Limits())
        #expect(exchange.isConnecting && !exchange.takesInput)
        #expect(exchange.connected() == .send)
        #expect(exchange.sent() == .goOn)
        #expect(exchange.takesInput && !exchange.isOver && !exchange.hasBegun)
        return exchange
    }

    /// What was told of the answer when it came in these pieces.
    private func transcript(
        _ text: String, _ cut: [Range<Int>], _ exchange: inout ClientExchange, endsInput: Bool = false
    ) -> (heads: [Int], content: String, end: String) {
        let bytes = Array(text.utf8)
        var held: [UInt8] = []
        var actions = cut.map { piece in
            var next = 0
            return exchange.received(Array(bytes[piece]).span, from: &next, held: &held, at: 0, ())
        }
        if endsInput { actions.append(exchange.inputEnded(held: &held)) }
        var (heads, content, end): ([Int], [UInt8], String) = ([], [], "open")
        for action in actions {
            switch action {
            case .take(let part):
                if let head = part.head { heads.append(head.status) }
                content += part.content
                if let ending = part.ending { end = "\(ending)" }
            case .fail(let failure, let part):
                if let head = part?.head { heads.append(head.status) }
                content += part?.content ?? []
                end = "\(failure.kind): \(failure.reason)"
            case .goOn, .send: break
            }
        }
        return (heads, String(decoding: content, as: UTF8.self), end)
    }

    @Test("head, content and end are told once each, however the answer is cut")
    func answer() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
        for cut in Cuts.all(of: text.utf8.count) {
            var exchange = reading()
            let told = transcript(text, cut, &exchange)
            #expect(told == ([200], "hello", "keepsAlive"), "\(cut.prefix(2))")
            #expect(exchange.isOver && exchange.hasBegun && exchange.deadlinePassed(at: 0, ()) == .goOn)
        }
    }

    @Test("content is handed on before the answer is complete, and nothing of it is kept")
    func streamed() {
        var exchange = reading()
        var held: [UInt8] = []
        var next = 0
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".utf8)
        guard case .take(let part) = exchange.received(head.span, from: &next, held: &held, at: 0, ()) else {
            return #expect(Bool(false), "nothing was told")
        }
        #expect(part.head?.status == 200 && part.content == Array("hello".utf8) && part.ending == nil)
        #expect(held.isEmpty)
        exchange.isPaused = true
        #expect(!exchange.takesInput)
    }

    @Test("an answer without a length ends with the connection, and any other is cut by that")
    func ended() {
        var exchange = reading()
        #expect(
            transcript("HTTP/1.1 200 OK\r\n\r\nhello", [0..<24], &exchange, endsInput: true)
                == ([200], "hello", "closes"))
        var short = reading()
        #expect(
            transcript("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", [0..<43], &short, endsInput: true)
                == ([200], "hello", "cut: The server closed the connection before its answer was complete."))
        var silent = reading()
        #expect(transcript("", [], &silent, endsInput: true).end.hasPrefix("cut"))
        #expect(!silent.hasBegun)
        var head = reading(answeringHead: true)
        #expect(
            transcript("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", [0..<38], &head) == ([200], "", "keepsAlive"))
    }

    @Test("what came before a bad chunk is told, and then the failure, however the bytes are cut")
    func badChunk() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for (chunks, content) in [
            ("2\r\nhe\r\n3\r\nllo\r\nzz\r\nmore\r\n", "hello"), ("2\r\nhe\r\n3\r\nlloXX", "hello"), ("zz\r\n", ""),
            ("2\r\nhe\r\n0\r\nno field\r\n\r\n", "he"), ("2\r\nhe\r\nfffffffffffffffff\r\n", "he"),
        ] {
            let text = head + chunks
            var failures: Set<String> = []
            for cut in Cuts.all(of: text.utf8.count) {
                var exchange = reading()
                let told = transcript(text, cut, &exchange)
                #expect(told.heads == [200] && told.content == content, "\(chunks) \(cut.prefix(2))")
                failures.insert(told.end)
            }
            #expect(failures.count == 1 && failures.first?.hasPrefix("unreadable: ") == true, "\(failures)")
        }
    }

    @Test("more than an answer announced is told with its end, and the answer stands")
    func exceeded() {
        for (more, isExceeded) in [("", false), ("4", true), ("HTTP/1.1 200 OK\r\n\r\n", true)] {
            var exchange = reading()
            var (held, next): ([UInt8], Int) = ([], 0)
            let bytes = Array(("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n123" + more).utf8)
            guard case .take(let part) = exchange.received(bytes.span, from: &next, held: &held, at: 0, ()) else {
                return #expect(Bool(false), "nothing was told")
            }
            #expect(part.content == Array("123".utf8) && part.isExceeded == isExceeded && part.ending == .keepsAlive)
        }
    }

    @Test("a TLS handshake is part of connecting, and has a time of its own")
    func handshake() {
        var exchange = ClientExchange(limits: Limits())
        #expect(exchange.accepted() && !exchange.accepted())
        #expect(exchange.isConnecting && !exchange.takesInput)
        var broken = exchange
        #expect(broken.failed("it broke") == .fail(.init(.unreachable, "it broke")))
        var silent = exchange
        #expect(
            silent.deadlinePassed(at: 9, ()) == .fail(.init(.unsecured, "the TLS handshake was not answered in time")))
        #expect(exchange.connected() == .send && !exchange.accepted())
    }

    @Test("an answer that comes before the request has left whole ends the connection's use")
    func early() {
        var exchange = ClientExchange(isConnected: true, limits: Limits())
        #expect(exchange.takesInput && !exchange.isConnecting)
        let told = transcript("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", [0..<38], &exchange)
        #expect(told == ([413], "", "closes"))
    }

    @Test("what goes wrong says on whose side and when, once")
    func failures() {
        var connecting = ClientExchange(limits: Limits())
        #expect(
            connecting.deadlinePassed(at: 9, ())
                == .fail(.init(.unreachable, "the connection was not accepted in time")))
        #expect(connecting.connected() == .goOn && connecting.failed("again") == .goOn)
        var waiting = reading()
        #expect(waiting.deadlinePassed(at: 9, ()) == .fail(.init(.timedOut, "the answer did not come in time")))
        var broken = reading()
        #expect(broken.failed("Connection reset by peer") == .fail(.init(.reset, "Connection reset by peer")))
        var strange = reading()
        #expect(
            transcript("nonsense\r\n", [0..<10], &strange).end
                == "unreadable: The status line is not an HTTP/1 version and a status code (RFC 9112 section 4).")
        var abandoned = reading()
        abandoned.abandon()
        #expect(abandoned.isOver && abandoned.failed("late") == .goOn)
    }
}
