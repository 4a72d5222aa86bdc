import Delivery
import Testing

@testable import Journal

@Suite("Pack writer") struct PackWriterTests {
    @Test("an ending takes a few bytes: outcome, times, size and how late the frames were")
    func ending() {
        var log = FrameLog()
        log.note(lateness: 38_000)
        var writer = PackWriter()
        writer.write(Report(outcome: .reset, firstByte: nil, ended: 300, bytes: 5, frames: log))
        #expect(writer.bytes == [2, 0, 0, 0xAC, 0x02, 5, 1, 38])
    }
}
