import HTTPWire
import Testing
import Time

@testable import Journal

@Suite("Pack writer") struct PackWriterTests {
    @Test("calls lie behind each other on a page, until it is full")
    func pages() {
        var call = Call.none
        call.request.body = [UInt8](repeating: 7, count: 100_000)
        var writer = PackWriter()
        var places: [(page: Page, range: Range<Int>)] = []
        for _ in 0..<4 {
            writer.begin()
            writer.writeDetails(of: call)
            places.append(writer.put())
        }
        #expect(places[0].page === places[1].page && places[0].range.upperBound == places[1].range.lowerBound)
        #expect(places[2].page !== places[0].page && places[3].page === places[2].page)
    }

    @Test("a summary is two numbers, a status and a block of names, which is a reference once it has been there")
    func summary() {
        var call = Call(
            number: 9, space: "a space of its own", arrived: Instant(nanoseconds: 5), request: .none, inFlight: 2)
        call.rule = "sushi"
        var writer = PackWriter()
        var written: [[UInt8]] = []
        for _ in 0..<3 {
            writer.begin()
            writer.writeSummary(of: call)
            let (page, range) = writer.put()
            written.append(Array(page.bytes[range]))
        }
        let names: [UInt8] =
            [19] + Array("a space of its own".utf8) + [0, 0, 0, 0, 0, 0, 6] + Array("sushi".utf8) + [0]
        #expect(written[0] == [5, 2, 0, 0, UInt8(names.count)] + names)
        #expect(written[1] == [5, 2, 0, 1, UInt8(names.count), 0, 0])
        #expect(written[2] == written[1])
    }
}
