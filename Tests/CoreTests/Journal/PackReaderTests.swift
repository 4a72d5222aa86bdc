import Delivery
import Testing

@testable import Journal

@Suite("Pack reader") struct PackReaderTests {
    @Test("an ending is read back from its place", arguments: Report.Outcome.allCases)
    func ending(outcome: Report.Outcome) {
        var log = FrameLog()
        for lateness in [0, 127_000, 128_000, 5_000_000] as [Int64] { log.note(lateness: lateness) }
        for firstByte in [nil, 0, 1_234_567] as [Int64?] {
            let report = Report(outcome: outcome, firstByte: firstByte, ended: .max, bytes: 1 << 40, frames: log)
            var writer = PackWriter()
            writer.bytes = [1, 2, 3]
            writer.write(report)
            var reader = PackReader(bytes: writer.bytes, table: LineTable(), place: 3)
            #expect(reader.report() == report)
        }
    }
}
