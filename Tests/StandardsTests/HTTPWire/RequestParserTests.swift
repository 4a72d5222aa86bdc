import Bytes
import HTTPWire
import Support
import Testing

@Suite("RequestParser") struct RequestParserTests {
    @Test("what the standard forbids is refused with its status, however the bytes are cut")
    func refused() throws {
        let rows = try WireFixtures.rows("http/refused.tsv")
        #expect(rows.count > 150)
        for row in rows {
            let bytes = WireFixtures.bytes(row[2])
            let whole = RequestEvents(bytes)
            guard case .refused(let refusal) = whole.events.last else {
                Issue.record("\(row[0]): not refused: \(whole.events)")
                continue
            }
            #expect(whole.events.count == 1, "\(row[0])")
            #expect(refusal.status == Int(row[1]), "\(row[0]): \(refusal.message)")
            #expect(refusal.message.hasSuffix("."), "\(row[0])")
            for cut in bytes.count > 2_000 ? [] : Cuts.all(of: bytes.count) {
                #expect(RequestEvents(bytes, cut).events == whole.events, "\(row[0]) \(cut.prefix(2))")
            }
        }
    }

    @Test("what the standard allows is read, however the bytes are cut")
    func accepted() throws {
        for row in try WireFixtures.rows("http/accepted.tsv") {
            let bytes = WireFixtures.bytes(row[6])
            let whole = RequestEvents(bytes)
            guard whole.events.count == 1, case .request(let request) = whole.events[0] else {
                Issue.record("\(row[0]): \(whole.events)")
                continue
            }
            #expect(request.methodText == row[1], "\(row[0])")
            #expect(request.pathText == row[2], "\(row[0])")
            #expect(request.query.map { String(lossy: request.head[$0]) } ?? "-" == row[3], "\(row[0])")
            #expect(request.body == WireFixtures.bytes(row[4]), "\(row[0])")
            #expect(request.keepsAlive == (row[5] == "keeps"), "\(row[0])")
            for cut in Cuts.all(of: bytes.count) {
                #expect(RequestEvents(bytes, cut).events == whole.events, "\(row[0]) \(cut.prefix(2))")
            }
        }
    }

    private static let rules = RequestParser.Rules(limits: Limits())

    static let three = Array(
        """
        GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\
        POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n\
        POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nthree
        """.utf8)

    @Test("pipelined requests come one by one, wherever the bytes are cut")
    func pipelined() {
        for cut in Cuts.all(of: Self.three.count) {
            let requests = RequestEvents(Self.three, cut).requests
            #expect(requests.map(\.pathText) == ["/1", "/2", "/3"], "\(cut.prefix(2))")
            #expect(requests.map { String(lossy: $0.body) } == ["", "two", "three"], "\(cut.prefix(2))")
        }
    }

    @Test("a head stands without its empty line, and fields by their places in it")
    func head() {
        let bytes = Array("\r\nPOST /a HTTP/1.1\r\nHost: a\r\nX-B:\t c d \r\nContent-Length: 1\r\n\r\n!".utf8)
        let request = RequestEvents(bytes).requests[0]
        #expect(String(lossy: request.head) == "POST /a HTTP/1.1\r\nHost: a\r\nX-B:\t c d \r\nContent-Length: 1\r\n")
        #expect(request.fields.map { String(lossy: request.head[$0.name]) } == ["Host", "X-B", "Content-Length"])
        #expect(request.fields.map { String(lossy: request.head[$0.value]) } == ["a", "c d", "1"])
        #expect(request.minorVersion == 1)
    }

    @Test("bytes after a refusal are not read, and the refusal stays")
    func afterRefusal() {
        var parser = RequestParser()
        var held: [UInt8] = []
        let bad = Array("GET / HTTP/3.0\r\n\r\n".utf8)
        let (next, event) = parser.read(bad.span, from: 0, held: &held, Self.rules)
        #expect(next == 0)
        guard case .refused(let refusal) = event else { return #expect(Bool(false), "\(event)") }
        #expect(refusal.status == 505)
        let again = parser.read(Self.three.span, from: 3, held: &held, Self.rules)
        #expect(again.next == 3)
        #expect(again.event == event)
    }

    @Test("a request that is refused follows those before it")
    func refusedLater() {
        let bytes = Array("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\n".utf8)
        for cut in Cuts.all(of: bytes.count) {
            let events = RequestEvents(bytes, cut)
            #expect(events.requests.map(\.pathText) == ["/1"])
            #expect(events.refusal?.status == 400)
        }
    }

    @Test("nothing is read after a request that closes the connection")
    func afterClose() {
        let bytes = Array("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8) + Self.three
        for cut in Cuts.all(of: bytes.count) {
            #expect(RequestEvents(bytes, cut).requests.map(\.pathText) == ["/1"])
        }
    }

    @Test("a client that waits for 100 Continue is heard once, when no body came with the head")
    func expectation() {
        let head = Array("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n".utf8)
        var parser = RequestParser()
        var held: [UInt8] = []
        #expect(parser.read(head.span, from: 0, held: &held, Self.rules) == (head.count, .wantsContinue))
        #expect(parser.isReadingBody)
        #expect(parser.head?.pathText == "/")
        #expect(parser.read(Array("he".utf8).span, from: 0, held: &held, Self.rules) == (2, .needsMore))
        guard case .request(let request) = parser.read(Array("llo".utf8).span, from: 0, held: &held, Self.rules).event
        else {
            return #expect(Bool(false))
        }
        #expect(String(lossy: request.body) == "hello")
        var eager = RequestParser()
        held = []
        #expect(eager.read((head + Array("he".utf8)).span, from: 0, held: &held, Self.rules).event == .needsMore)
    }

    @Test("a request that expects 100 awaits it until the client is to be sent it, however the bytes are cut")
    func awaited() {
        func awaits(_ text: String, _ cut: [Range<Int>]? = nil) -> Bool? {
            RequestEvents(Array(text.utf8), cut).requests.first?.awaitsContinue
        }
        let opening = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nExpect: 100-Continue\r\n\r\n"
        for cut in Cuts.all(of: opening.utf8.count) { #expect(awaits(opening, cut) == true) }
        #expect(awaits(opening.replacing("HTTP/1.1", with: "HTTP/1.0")) == false)
        #expect(awaits("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == false)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        let count = head.utf8.count
        #expect(awaits(head + "he", [0..<count, count..<count + 2]) == false)
        #expect(awaits(head + "he") == true)
    }

    @Test("the parser says what it is in the middle of")
    func phases() {
        var parser = RequestParser()
        var held: [UInt8] = []
        func feed(_ text: String) -> RequestParser.Event {
            parser.read(Array(text.utf8).span, from: 0, held: &held, Self.rules).event
        }
        #expect(parser.isIdle)
        #expect(feed("\r") == .needsMore)
        #expect(feed("\n") == .needsMore)
        #expect(parser.isIdle && !parser.isReadingHead)
        #expect(feed("POST / HT") == .needsMore)
        #expect(parser.isReadingHead && !parser.isIdle && parser.head == nil)
        #expect(feed("TP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhe") == .needsMore)
        #expect(parser.isReadingBody && !parser.isReadingHead && parser.head?.methodText == "POST")
        #expect(held == Array("he".utf8))
        #expect(feed("llo") == .needsMore)
        #expect(held == Array("hello".utf8))
        guard case .request = feed("world") else { return #expect(Bool(false)) }
        #expect(parser.isIdle && held.isEmpty && parser.head == nil)
    }

    @Test("the head of a request whose body is refused can still be journaled")
    func refusedHead() {
        var parser = RequestParser()
        var held: [UInt8] = []
        let bytes = Array("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 100000001\r\n\r\n".utf8)
        guard case .refused(let refusal) = parser.read(bytes.span, from: 0, held: &held, Self.rules).event else {
            return #expect(Bool(false))
        }
        #expect(refusal.status == 413)
        #expect(refusal.message == "The body is longer than 100000000 bytes.")
        #expect(parser.head?.pathText == "/big")
        #expect(!parser.isIdle && !parser.isReadingBody)
    }

    @Test(
        "that HEAD was refused is known however much of it was read, wherever the bytes are cut",
        arguments: [
            ("HEAD / HTTP/1.1\r\n\r\n", true), ("HEAD /| HTTP/1.1\r\n", true), ("HEAD / HTTP/3.0\r\n", true),
            ("\r\nHEAD / HTTP/1.1\r\nHost a\r\n", true),
            ("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", true),
            ("HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", true),
            ("GET / HTTP/1.1\r\n\r\n", false), ("HEADER /| HTTP/1.1\r\n", false), ("HEAD\u{1}", false),
            ("head /| HTTP/1.1\r\n", false),
        ])
    func refusedHEAD(text: String, isHead: Bool) {
        let bytes = Array(text.utf8)
        for cut in Cuts.all(of: bytes.count) {
            var parser = RequestParser()
            var held: [UInt8] = []
            var last = RequestParser.Event.needsMore
            for piece in cut where last == .needsMore || last == .wantsContinue {
                let input = Array(bytes[piece])
                var next = 0
                repeat {
                    (next, last) = parser.read(input.span, from: next, held: &held, Self.rules)
                } while next < input.count && (last == .needsMore || last == .wantsContinue)
            }
            guard case .refused = last else { return #expect(Bool(false), "\(cut.prefix(2)): \(last)") }
            #expect(parser.refusedHead == isHead, "\(cut.prefix(2))")
        }
    }

    @Test("limits count to the byte")
    func limits() {
        var limits = Limits()
        limits.head = 64
        limits.requestLine = 32
        limits.fieldCount = 3
        limits.body = 8
        func status(_ text: String) -> Int? { RequestEvents(Array(text.utf8), limits: limits).refusal?.status }
        let line = "GET / HTTP/1.1\r\nHost: a\r\n"
        let exact = line + "X: " + String(repeating: "y", count: 64 - line.utf8.count - 7) + "\r\n\r\n"
        #expect(exact.utf8.count == 64)
        #expect(status(exact) == nil)
        #expect(status(exact.replacing("X: ", with: "X: y")) == 431)
        let target = String(repeating: "a", count: 32 - 16)
        #expect(status("GET /\(target) HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
        #expect(status("GET /\(target)a HTTP/1.1\r\nHost: a\r\n\r\n") == 414)
        #expect(status(line + "X:\r\nY:\r\n\r\n") == nil)
        #expect(status(line + "X:\r\nY:\r\nZ:\r\n\r\n") == 431)
        #expect(status(line + "Content-Length: 9\r\n\r\n") == 413)
        #expect(status(line + "Content-Length: 8\r\n\r\n12345678") == nil)
        limits.head = 1_000
        #expect(status(line + "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n0\r\n\r\n") == nil)
        #expect(status(line + "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n1\r\n") == 413)
    }

    @Test("an idle parser is small, and keeps nothing")
    func size() {
        #expect(MemoryLayout<RequestParser>.size <= 16)
    }

    @Test("a copy of a parser reads on by itself")
    func copies() {
        var parser = RequestParser()
        var held: [UInt8] = []
        _ = parser.read(
            Array("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na".utf8).span, from: 0, held: &held,
            Self.rules)
        var (copy, heldByCopy) = (parser, held)
        _ = copy.read(Array("xy".utf8).span, from: 0, held: &heldByCopy, Self.rules)
        guard case .request(let request) = parser.read(Array("bc".utf8).span, from: 0, held: &held, Self.rules).event
        else { return #expect(Bool(false)) }
        #expect(request.body == Array("abc".utf8) && copy.isIdle)
    }
}
