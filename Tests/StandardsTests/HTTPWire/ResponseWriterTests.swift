import Bytes
import HTTPWire
import Testing

@Suite("ResponseWriter") struct ResponseWriterTests {
    private typealias Circumstances = ResponseWriter.Circumstances

    /// The whole answer as text, a space and the word "closes" behind it when the connection does.
    private func answer(
        _ status: Int, _ length: ResponseHead.Length, body: [String] = [], fields: FieldBlock = FieldBlock(),
        isHead: Bool = false, minorVersion: UInt8 = 1, keepsAlive: Bool = true, date: String = "",
        server: String = ""
    ) -> String {
        var writer = ResponseWriter()
        var bytes: [UInt8] = []
        let head = ResponseHead(status: status, fields: fields, length: length)
        let circumstances = Circumstances(isHead: isHead, minorVersion: minorVersion, keepsAlive: keepsAlive)
        writer.append(head, circumstances, date: Array(date.utf8), server: Array(server.utf8), to: &bytes)
        for piece in body { writer.append(Array(piece.utf8), to: &bytes) }
        writer.appendEnd(to: &bytes)
        return String(lossy: bytes) + (writer.closesConnection ? " closes" : "")
    }

    @Test("a known length")
    func known() {
        var fields = FieldBlock()
        fields.add("A", "b")
        #expect(
            answer(200, .known(5), body: ["he", "llo"], fields: fields, date: "now")
                == "HTTP/1.1 200 OK\r\nDate: now\r\nA: b\r\nContent-Length: 5\r\n\r\nhello")
        #expect(answer(200, .known(0)) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("who serves, unless the answer says it itself")
    func server() {
        var fields = FieldBlock()
        fields.add("server", "other")
        #expect(
            answer(204, .known(0), date: "now", server: "a/1")
                == "HTTP/1.1 204 No Content\r\nDate: now\r\nServer: a/1\r\n\r\n")
        #expect(
            answer(204, .known(0), fields: fields, server: "a/1") == "HTTP/1.1 204 No Content\r\nserver: other\r\n\r\n")
    }

    @Test("an unknown length: chunks, an empty piece is none")
    func chunked() {
        let long = String(repeating: "x", count: 300)
        #expect(
            answer(200, .unknown, body: ["hello", "", long])
                == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n12c\r\n\(long)\r\n0\r\n\r\n")
    }

    @Test("HTTP/1.0 gets a length, or an end by closing")
    func old() {
        #expect(
            answer(200, .unknown, body: ["a", "b"], minorVersion: 0)
                == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab closes")
        #expect(
            answer(200, .known(1), body: ["a"], minorVersion: 0)
                == "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\na")
        #expect(
            answer(200, .known(1), body: ["a"], minorVersion: 0, keepsAlive: false)
                == "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\na closes")
    }

    @Test("an answer to HEAD says what GET would, without the content")
    func head() {
        #expect(answer(200, .known(5), body: ["hello"], isHead: true) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        #expect(
            answer(200, .unknown, body: ["hello"], isHead: true)
                == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @Test(
        "what has no content gets none, whatever was said",
        arguments: [
            (204, "No Content"), (304, "Not Modified"), (101, "Switching Protocols"),
        ])
    func noContent(status: Int, phrase: String) {
        #expect(answer(status, .known(5), body: ["hello"]) == "HTTP/1.1 \(status) \(phrase)\r\n\r\n")
        #expect(answer(status, .unknown, body: ["hello"]) == "HTTP/1.1 \(status) \(phrase)\r\n\r\n")
    }

    @Test("205 has an empty content, whatever was said, and the connection stays")
    func reset() {
        let empty = "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"
        #expect(answer(205, .unknown) == empty)
        #expect(answer(205, .known(5), body: ["hello"]) == empty)
        #expect(answer(205, .unknown, body: ["he", "llo"]) == empty)
        #expect(answer(205, .known(5), body: ["hello"], isHead: true) == empty)
    }

    @Test("a large piece that leaves from where it lies has no place in 205 either")
    func resetInPieces() {
        var writer = ResponseWriter()
        var bytes: [UInt8] = []
        writer.append(
            ResponseHead(status: 205, fields: FieldBlock(), length: .known(20_000)),
            Circumstances(isHead: false, minorVersion: 1, keepsAlive: true), date: [], to: &bytes)
        #expect(!writer.hasBody)
    }

    @Test("a closing connection says so; a given wish to close is granted")
    func closing() {
        #expect(
            answer(200, .known(0), keepsAlive: false)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n closes")
        var fields = FieldBlock()
        fields.add("Connection", "close")
        #expect(
            answer(200, .known(0), fields: fields)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n closes")
    }

    @Test("an answer that names what it would go over to has the connection option for it, beside its own")
    func upgrade() {
        var fields = FieldBlock()
        fields.add("Upgrade", "websocket")
        func connection(_ status: Int, minorVersion: UInt8 = 1, keepsAlive: Bool = true) -> String? {
            let text = answer(status, .known(0), fields: fields, minorVersion: minorVersion, keepsAlive: keepsAlive)
            let lines = text.split(separator: "\r\n").filter { $0.hasPrefix("Connection: ") }
            return lines.count == 1 ? String(lines[0].dropFirst(12)) : nil
        }
        #expect(connection(426) == "Upgrade")
        #expect(connection(200) == "Upgrade")
        #expect(connection(426, keepsAlive: false) == "close, Upgrade")
        #expect(connection(426, minorVersion: 0) == "keep-alive, Upgrade")
        fields.add("Connection", "Upgrade")
        #expect(connection(426) == "Upgrade")
        #expect(connection(101) == "Upgrade")
    }

    @Test("a client that expects 100 and was not sent it gets it before 101, and before nothing else")
    func continuedSwitch() {
        let circumstances = Circumstances(isHead: false, minorVersion: 1, keepsAlive: true, awaitsContinue: true)
        for (status, beginning) in [
            (101, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n"), (426, "HTTP/1.1 426 "),
            (200, "HTTP/1.1 200 "),
        ] {
            var writer = ResponseWriter()
            var bytes: [UInt8] = []
            let head = ResponseHead(status: status, fields: FieldBlock(), length: .known(0))
            writer.append(head, circumstances, date: [], to: &bytes)
            #expect(String(lossy: bytes).hasPrefix(beginning))
        }
        #expect(answer(101, .known(0)).hasPrefix("HTTP/1.1 101 "))
    }

    @Test("a body that is not as long as promised costs the connection")
    func broken() {
        #expect(answer(200, .known(5), body: ["hell"]).hasSuffix("hell closes"))
        #expect(answer(200, .known(5), body: ["hello", "!"]).hasSuffix("hello! closes"))
    }

    @Test(
        "a status that is none becomes 500, one that nobody knows has no phrase",
        arguments: [
            (0, "HTTP/1.1 500 Internal Server Error\r\n"), (1_000, "HTTP/1.1 500 Internal Server Error\r\n"),
            (-200, "HTTP/1.1 500 Internal Server Error\r\n"), (299, "HTTP/1.1 299 \r\n"),
        ])
    func status(status: Int, line: String) {
        #expect(answer(status, .known(0)).hasPrefix(line))
    }

    @Test("a given Date stays the only one")
    func date() {
        var fields = FieldBlock()
        fields.add("Date", "then")
        #expect(
            answer(200, .known(0), fields: fields, date: "now")
                == "HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("what is written is read back by the client's parser")
    func roundTrip() {
        for (length, minorVersion) in [(ResponseHead.Length.known(5), UInt8(1)), (.unknown, 1), (.unknown, 0)] {
            let text = answer(200, length, body: ["hel", "lo"], minorVersion: minorVersion, keepsAlive: false)
            var parser = ResponseParser(limits: Limits())
            var held: [UInt8] = []
            let event = parser.read(Array(text.dropLast(7).utf8).span, from: 0, held: &held).event
            guard case .response(let response) = event == .needsMore ? parser.readEnd(held: &held) : event else {
                Issue.record("\(event)")
                continue
            }
            #expect(response.body == Array("hello".utf8))
        }
    }

    @Test("circumstances come from the request and the server's will")
    func circumstances() throws {
        let text = "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        let request = try #require(RequestEvents(Array(text.utf8)).requests.first)
        #expect(Circumstances(answering: request) == Circumstances(isHead: true, minorVersion: 0, keepsAlive: true))
        #expect(!Circumstances(answering: request, serverKeepsAlive: false).keepsAlive)
        #expect(ResponseWriter.continueHead.description == "HTTP/1.1 100 Continue\r\n\r\n")
    }
}
