import Bytes
import HTTPWire
import Support
import Testing

@Suite("ResponseParser") struct ResponseParserTests {
    /// What comes out of a parser fed with the pieces of `bytes` and then told that the server closed.
    private func events(
        _ bytes: [UInt8], _ cut: [Range<Int>]? = nil, answeringHead: Bool = false
    ) -> [ResponseParser.Event] {
        var parser = ResponseParser(answeringHead: answeringHead, limits: Limits())
        var held: [UInt8] = []
        for piece in cut ?? [0..<bytes.count] {
            let input = Array(bytes[piece])
            let (_, event) = parser.read(input.span, from: 0, held: &held)
            if event != .needsMore { return [event] }
        }
        return [parser.readEnd(held: &held)]
    }

    @Test("what the standard allows is read, however the bytes are cut")
    func accepted() throws {
        for row in try WireFixtures.rows("http/answers.tsv") {
            let bytes = WireFixtures.bytes(row[4])
            let whole = events(bytes)
            guard case .response(let response) = whole.first else {
                Issue.record("\(row[0]): \(whole)")
                continue
            }
            #expect(response.status == Int(row[1]), "\(row[0])")
            #expect(response.body == WireFixtures.bytes(row[2]), "\(row[0])")
            #expect(response.keepsAlive == (row[3] == "keeps"), "\(row[0])")
            for cut in Cuts.all(of: bytes.count) { #expect(events(bytes, cut) == whole, "\(row[0]) \(cut.prefix(2))") }
        }
    }

    @Test("what it forbids, and what is incomplete, is refused, however the bytes are cut")
    func refused() throws {
        for row in try WireFixtures.rows("http/refused-answers.tsv") {
            let bytes = WireFixtures.bytes(row[1])
            let whole = events(bytes)
            guard case .refused(let refusal) = whole.first else {
                Issue.record("\(row[0]): \(whole)")
                continue
            }
            #expect(refusal.message.hasSuffix("."), "\(row[0])")
            for cut in bytes.count > 2_000 ? [] : Cuts.all(of: bytes.count) {
                #expect(events(bytes, cut) == whole, "\(row[0]) \(cut.prefix(2))")
            }
        }
    }

    @Test("an answer to HEAD ends with its head")
    func head() {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".utf8)
        guard case .response(let response) = events(bytes, answeringHead: true).first else {
            return #expect(Bool(false))
        }
        #expect(response.body.isEmpty && response.keepsAlive)
        #expect(response.text(of: "content-length") == "5")
    }

    @Test("a head and the part of a body that came can be had before the rest")
    func streaming() {
        var parser = ResponseParser(limits: Limits())
        var held: [UInt8] = []
        let bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel".utf8)
        #expect(parser.read(bytes.span, from: 0, held: &held) == (bytes.count, .needsMore))
        #expect(parser.head?.status == 200)
        #expect(held == Array("hel".utf8))
        held = []
        let rest = Array("lo\r\n1\r\n!\r\n0\r\n\r\n".utf8)
        guard case .response(let response) = parser.read(rest.span, from: 0, held: &held).event else {
            return #expect(Bool(false))
        }
        #expect(response.body == Array("lo!".utf8), "what was taken out is not missed")
    }

    @Test("a refusal stays")
    func stays() {
        var parser = ResponseParser(limits: Limits())
        var held: [UInt8] = []
        let event = parser.read(Array("nonsense\r\n".utf8).span, from: 0, held: &held).event
        #expect(parser.read(Array("HTTP/1.1 200 OK\r\n\r\n".utf8).span, from: 0, held: &held) == (0, event))
        #expect(parser.readEnd(held: &held) == event)
    }

    @Test("any number of interim answers may come first")
    func interim() {
        let bytes = Array(
            (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50_000)
                + "HTTP/1.1 204 No Content\r\n\r\n").utf8)
        guard case .response(let response) = events(bytes).first else { return #expect(Bool(false)) }
        #expect(response.status == 204)
    }

    @Test("answers are read one by one from the same connection")
    func several() {
        let bytes = Array("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na".utf8)
        var parser = ResponseParser(limits: Limits())
        var held: [UInt8] = []
        let first = parser.read(bytes.span, from: 0, held: &held)
        #expect(first.next == 27)
        guard case .response(let second) = parser.read(bytes.span, from: first.next, held: &held).event else {
            return #expect(Bool(false))
        }
        #expect(second.body == Array("a".utf8))
    }
}
