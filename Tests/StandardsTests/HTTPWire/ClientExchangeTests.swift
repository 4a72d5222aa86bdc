import HTTPWire
import Support
import Testing

@Suite("ClientExchange") struct ClientExchangeTests {
    private let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)

    /// One that has sent its request.
    private func reading() -> ClientExchange {
        var exchange = ClientExchange(request, limits: Limits())
        #expect(exchange.isConnecting && !exchange.takesInput)
        #expect(exchange.connected() == .send(request))
        #expect(!exchange.takesInput)
        #expect(exchange.sent() == .goOn)
        #expect(exchange.takesInput && !exchange.isOver)
        return exchange
    }

    private func received(
        _ text: String, _ cut: [Range<Int>], _ exchange: inout ClientExchange, endsInput: Bool = false
    ) -> [ClientExchange.Action] {
        let bytes = Array(text.utf8)
        var held: [UInt8] = []
        var actions = cut.map { piece in
            var next = 0
            return exchange.received(Array(bytes[piece]).span, from: &next, held: &held, at: 0, ())
        }
        if endsInput { actions.append(exchange.inputEnded(held: &held)) }
        return actions.filter { $0 != .goOn }
    }

    @Test("the request leaves once connected, and the answer is delivered once, however it is cut")
    func answer() {
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
        for cut in Cuts.all(of: text.utf8.count) {
            var exchange = reading()
            let actions = received(text, cut, &exchange)
            guard actions.count == 1, case .deliver(let response) = actions[0] else {
                Issue.record("\(cut.prefix(2)): \(actions)")
                continue
            }
            #expect(response.status == 200 && response.body == Array("hello".utf8))
            #expect(exchange.isOver && exchange.deadlinePassed(at: 0, ()) == .goOn)
        }
    }

    @Test("an answer without a length ends with the connection, and any other is broken by that")
    func ended() {
        var exchange = reading()
        let text = "HTTP/1.1 200 OK\r\n\r\nhello"
        guard case .deliver(let response)? = received(text, [0..<24], &exchange, endsInput: true).first else {
            return #expect(Bool(false))
        }
        #expect(response.body == Array("hello".utf8))
        var other = reading()
        #expect(
            received("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", [0..<43], &other, endsInput: true)
                == [.fail("The server closed the connection before its answer was complete.")])
    }

    @Test("what goes wrong says when it did, once")
    func failures() {
        var connecting = ClientExchange(request, limits: Limits())
        #expect(connecting.deadlinePassed(at: 9, ()) == .fail("the connection was not accepted in time"))
        #expect(connecting.connected() == .goOn && connecting.failed("again") == .goOn)
        var waiting = reading()
        #expect(waiting.deadlinePassed(at: 9, ()) == .fail("the answer did not come in time"))
        var broken = reading()
        #expect(broken.failed("Connection reset by peer") == .fail("Connection reset by peer"))
        var strange = reading()
        #expect(
            received("nonsense\r\n", [0..<10], &strange)
                == [.fail("The status line is not an HTTP/1 version and a status code (RFC 9112 section 4).")])
    }
}
