import HTTPWire
import Support
import Testing

@Suite("Latest heads") struct LatestHeadsTests {
    private func events(_ texts: [String], _ latest: inout LatestHeads) -> [RequestParser.Event] {
        var parser = RequestParser(limits: Limits())
        return texts.flatMap { text in
            let bytes = Array(text.utf8)
            var (next, events) = (0, [RequestParser.Event]())
            while next < bytes.count {
                let (end, event) = parser.read(bytes.span, from: next, &latest)
                events.append(event)
                if case .refused = event { break }
                next = end
            }
            return events
        }
    }

    private let post = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n"

    @Test("a head that came before is not read again, and its content is the new one's")
    func again() {
        var latest = LatestHeads()
        let found = events([post + "once", post + "more", post + "last"], &latest)
        let contents = found.compactMap { if case .request(let request) = $0 { request.body } else { nil } }
        #expect(contents == ["once", "more", "last"].map { Array($0.utf8) })
    }

    @Test("remembering changes nothing: every request of the fixtures twice over, whole and pipelined")
    func fixtures() throws {
        for file in ["http/accepted.tsv", "http/refused.tsv"] {
            for row in try WireFixtures.rows(file) {
                let bytes = WireFixtures.bytes(row[row.count - 1])
                var latest = LatestHeads()
                for _ in 0..<2 {
                    var (known, fresh) = (RequestParser(limits: Limits()), RequestParser(limits: Limits()))
                    var next = 0
                    while next < bytes.count {
                        let (end, event) = known.read(bytes.span, from: next, &latest)
                        let (freshEnd, freshEvent) = fresh.read(bytes.span, from: next)
                        #expect(end == freshEnd && event == freshEvent, "\(row[0])")
                        if case .refused = event { break }
                        next = end
                    }
                }
            }
        }
    }

    @Test("a head whose content has not all come waits for it like any other")
    func partial() {
        var latest = LatestHeads()
        _ = events([post + "once"], &latest)
        let found = events([post + "mo", "re"], &latest)
        #expect(found.first == .needsMore)
        guard case .request(let request) = found.last else {
            Issue.record("\(found)")
            return
        }
        #expect(request.body == Array("more".utf8))
    }

    @Test("after a request that ends the connection nothing is read, though its head came before")
    func close() {
        var latest = LatestHeads()
        let closing = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        _ = events([closing], &latest)
        let found = events([closing + closing], &latest)
        #expect(found.count == 2 && found.last == .needsMore)
    }
}
