import HTTPWire
import Testing
import Time

@testable import Journal

@Suite("Pack writer") struct PackWriterTests {
    @Test("a summary is two numbers, a status and a block of names, which is a reference once it has been there")
    func summary() {
        let request = Request(
            head: [], method: 0..<0, target: 0..<0, path: 0..<0, query: nil, minorVersion: 1, fields: [])
        var call = Call(
            number: 9, space: "a space of its own", arrived: Instant(nanoseconds: 5), request: request, inFlight: 2)
        call.rule = "sushi"
        var writer = PackWriter()
        var written: [[UInt8]] = []
        for _ in 0..<3 {
            writer.begin()
            writer.writeSummary(of: call)
            written.append(writer.exactly)
        }
        let names: [UInt8] =
            [19] + Array("a space of its own".utf8) + [0, 0, 0, 0, 0, 0, 6] + Array("sushi".utf8) + [0]
        #expect(written[0] == [5, 2, 0, 0, UInt8(names.count)] + names)
        #expect(written[1] == [5, 2, 0, 1, UInt8(names.count), 0, 0])
        #expect(written[2] == written[1])
    }
}
