import Bytes
import Support
import Testing

@testable import WebSocketWire

@Suite("Opening") struct OpeningTests {
    /// Fields by name, several lines of one in their order.
    static func fields(_ lines: [(String, String)]) -> Opening.Fields {
        { name in lines.filter { $0.0.lowercased() == name.description }.map { Array($0.1.utf8)[...] } }
    }

    /// The request of RFC 6455 1.2, with fields added, replaced or (by an empty text) left out.
    static func request(
        _ changes: [(String, String)] = [], method: String = "GET", minorVersion: Int = 1
    ) -> Result<OpeningRequest, OpeningRequest.Refusal> {
        let lines = [
            ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Origin", "http://example.com"),
            ("Sec-WebSocket-Protocol", "chat, superchat"), ("Sec-WebSocket-Version", "13"),
        ].filter { line in !changes.contains { $0.0 == line.0 } }
        return Result { () throws(OpeningRequest.Refusal) in
            try OpeningRequest(
                method: method.utf8, minorVersion: minorVersion,
                fields: fields(lines + changes.filter { !$0.1.isEmpty }))
        }
    }

    @Test("the example of the RFC is answered as the RFC answers it")
    func example() throws {
        let request = try Self.request().get()
        #expect(request.protocols == ["chat", "superchat"])
        #expect(
            request.answer(choosing: "chat").map { "\($0.name): \($0.value)" } == [
                "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Protocol: chat",
            ])
        #expect(request.answer(choosing: nil).count == 3)
    }

    @Test("words are compared whatever their case, in lists and over several lines")
    func lists() throws {
        for changes in [
            [("Upgrade", "WebSocket")], [("Upgrade", "h2c, WEBSOCKET")], [("Connection", "keep-alive, upgrade")],
            [("Connection", "keep-alive"), ("Connection", ", UPGRADE\t,")],
            [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")],
        ] { #expect(throws: Never.self) { try Self.request(changes).get() } }
        let two = try Self.request([("Sec-WebSocket-Protocol", " a ,b"), ("Sec-WebSocket-Protocol", "c")]).get()
        #expect(two.protocols == ["a", "b", "c"])
        #expect(try Self.request([("Sec-WebSocket-Protocol", "")]).get().protocols == [])
        let bearer = "base64UrlBearerAuthorization.eyJhbGciOiJSUzI1NiJ9_-, base64UrlBearerAuthorization"
        #expect(try Self.request([("Sec-WebSocket-Protocol", bearer)]).get().protocols.count == 2)
    }

    @Test(
        "what a request lacks or has wrong",
        arguments: [
            ("Host", "", .host), ("Upgrade", "", .upgrade), ("Upgrade", "h2c", .upgrade),
            ("Upgrade", "websockets", .upgrade),
            ("Connection", "", .connection), ("Connection", "close", .connection),
            ("Sec-WebSocket-Key", "", .key), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ", .key),
            ("Sec-WebSocket-Key", "c2hvcnQ=", .key), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSE=", .key),
            ("Sec-WebSocket-Key", "!GhlIHNhbXBsZSBub25jZQ==", .key), ("Sec-WebSocket-Version", "", .version),
            ("Sec-WebSocket-Version", "8", .version), ("Sec-WebSocket-Version", "013", .version),
            ("Sec-WebSocket-Version", "13, 8", .version), ("Sec-WebSocket-Protocol", "a b", .protocols),
            ("Sec-WebSocket-Protocol", "a, a", .protocols), ("Sec-WebSocket-Protocol", "é", .protocols),
        ] as [(String, String, OpeningRequest.Refusal)])
    func refused(field: String, value: String, refusal: OpeningRequest.Refusal) {
        #expect(throws: refusal) { try Self.request([(field, value)]).get() }
    }

    @Test("the method, the HTTP version, and fields that come twice")
    func others() {
        #expect(throws: OpeningRequest.Refusal.method) { try Self.request(method: "POST").get() }
        #expect(throws: OpeningRequest.Refusal.httpVersion) { try Self.request(minorVersion: 0).get() }
        let key = ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        let other = ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg==")
        let version = ("Sec-WebSocket-Version", "13")
        let host = ("Host", "server.example.com")
        let doubled = try? Self.request([key, other, version, version, host, host]).get()
        #expect(
            doubled?.answer(choosing: nil).last?.value == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "the first key is answered")
        #expect(throws: OpeningRequest.Refusal.key) { try Self.request([key, ("Sec-WebSocket-Key", "x")]).get() }
        #expect(throws: OpeningRequest.Refusal.version) {
            try Self.request([version, ("Sec-WebSocket-Version", "8")]).get()
        }
        #expect(throws: OpeningRequest.Refusal.host) { try Self.request([host, ("Host", "other")]).get() }
    }

    @Test("an unknown version is told the known one, everything else is a bad request")
    func statuses() {
        #expect(OpeningRequest.Refusal.version.status == 426)
        #expect(
            OpeningRequest.Refusal.version.lines.map { "\($0.name): \($0.value)" } == [
                "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            ])
        #expect(OpeningRequest.Refusal.key.status == 400 && OpeningRequest.Refusal.key.lines.isEmpty)
        #expect(OpeningRequest.isMeant(by: Self.fields([("Upgrade", "WebSocket")])))
        #expect(!OpeningRequest.isMeant(by: Self.fields([("Upgrade", "h2c")])))
    }

    @Test("what a client offers a server takes, and the client takes its answer")
    func bothEnds() throws {
        var chance = SeededGenerator(seed: 7)
        let offer = OpeningOffer(protocols: ["a", "b"], chance: &chance)
        let lines = offer.lines.map { ($0.name.description, $0.value) } + [("Host", "h")]
        let request = try OpeningRequest(method: "GET".utf8, minorVersion: 1, fields: Self.fields(lines))
        #expect(request.protocols == ["a", "b"])
        for choice in [nil, "b"] {
            let answer = request.answer(choosing: choice).map { ($0.name.description, $0.value) }
            #expect(try offer.check(status: 101, fields: Self.fields(answer)) == choice)
        }
        #expect(OpeningOffer(chance: &chance) != OpeningOffer(chance: &chance))
        #expect(OpeningOffer(chance: &chance).lines.count == 4)
    }

    @Test("an answer that opens nothing")
    func badAnswers() throws {
        var chance = SeededGenerator(seed: 7)
        let offer = OpeningOffer(protocols: ["a"], chance: &chance)
        let request = try OpeningRequest(
            method: "GET".utf8, minorVersion: 1,
            fields: Self.fields(offer.lines.map { ($0.name.description, $0.value) } + [("Host", "h")]))
        let good = request.answer(choosing: nil).map { ($0.name.description, $0.value) }
        func check(_ change: (String, String), status: Int = 101) throws(OpeningOffer.Refusal) -> String? {
            let lines = good.filter { $0.0 != change.0 } + (change.1.isEmpty ? [] : [change])
            return try offer.check(status: status, fields: Self.fields(lines))
        }
        #expect(throws: OpeningOffer.Refusal.status(200)) { try check(("", ""), status: 200) }
        for (field, value, refusal) in [
            ("Upgrade", "", .upgrade), ("Upgrade", "h2c", .upgrade), ("Connection", "close", .connection),
            ("Sec-WebSocket-Accept", "", .accept), ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", .accept),
            ("Sec-WebSocket-Extensions", "permessage-deflate", .extensions),
            ("Sec-WebSocket-Protocol", "b", .subprotocol), ("Sec-WebSocket-Protocol", "A", .subprotocol),
        ] as [(String, String, OpeningOffer.Refusal)] {
            #expect(throws: refusal) { try check((field, value)) }
        }
    }
}
